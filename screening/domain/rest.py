"""How long a patient's page may rest before it is replaced, and how long before it warns."""

from dataclasses import dataclass

from screening.domain.reading import Reader, read_review

# WCAG 2.2.1: the least time in which somebody can still extend it.
LEAST_WARNING_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """In seconds: the page's rest, its warning, and the server's longer patience."""

    idle: int
    warning: int
    session: int


def build_rest(data: object, *, file: str) -> Rest:
    """Read the limits; raises DefinitionError where nobody could extend the time."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "idle", "warning", "session"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("version")
    reader.text("about")
    reader.sources()
    read_review(reader)
    rest = Rest(
        idle=reader.integer("idle"),
        warning=reader.integer("warning"),
        session=reader.integer("session"),
    )
    if rest.warning < LEAST_WARNING_SECONDS:
        raise reader.refusal(f"must be at least {LEAST_WARNING_SECONDS}", "warning")
    if rest.warning >= rest.idle:
        raise reader.refusal("must be longer than the warning", "idle")
    if rest.session < rest.idle:
        raise reader.refusal("must not be shorter than the page's rest", "session")
    return rest
