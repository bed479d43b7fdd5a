"""Limits of emergency access and of the audit page, read as strictly as any definition."""

from dataclasses import dataclass

from screening.domain.reading import Reader, read_review

# Longer is no emergency: whoever needs more asks for a role.
LONGEST_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPolicy:
    """The data file, read."""

    version: str
    emergency_minutes: int
    reason_length: int
    note_length: int
    audit_page: int
    audit_export: int
    audit_prove: int


def build_security_policy(data: object, *, file: str) -> SecurityPolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    numbers = (
        *("emergency_minutes", "reason_length", "note_length"),
        *("audit_page", "audit_export", "audit_prove"),
    )
    reader.only(
        *("version", "about", "sources", *numbers),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    for key in numbers:
        if reader.integer(key) < 1:
            raise reader.refusal("must be at least 1", key)
    if reader.integer("emergency_minutes") > LONGEST_MINUTES:
        reason = f"must be at most {LONGEST_MINUTES}"
        raise reader.refusal(reason, "emergency_minutes")
    return SecurityPolicy(
        version=reader.text("version"), **{key: reader.integer(key) for key in numbers}
    )
