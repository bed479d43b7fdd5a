"""The crisis lines of a clinic's country: what patients see, and who tried it when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinicians.actions.lines import LINE_CHECKED
from clinicians.workflow.settings_words import COUNTRIES, day_words
from core.models import AuditEvent, Clinic
from screening import definitions
from screening.definitions import Contact

KINDS = {"call": "Call", "text": "Text", "chat": "Chat"}


@dataclass(frozen=True, slots=True)
class Row:
    """One way to reach a line."""

    key: str
    line: str
    how: str
    shown: bool
    why: str
    tried: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """The page: what is shown in this country, and what somebody should look into."""

    country: str
    emergency: str
    rows: Sequence[Row]
    warnings: Sequence[str]
    as_of: str


def lines_of(clinic: Clinic) -> Lines:
    """Read the country's lines and the newest check of each; one query."""
    known = definitions.every_line(clinic.country)
    country = COUNTRIES.get(clinic.country, clinic.country)
    if known is None:
        sentence = (
            f"No emergency number and no crisis line of {country} is known here: "
            "patients see only your own number. Tell whoever runs this installation."
        )
        return Lines(country, "", (), [sentence], "")
    checks = newest_checks(clinic)
    rows = [
        _row(line.name, contact, clinic, checks.get(contact.key))
        for line in known.lines
        for contact in line.contacts
    ]
    warnings = list(_warnings(rows, country))
    return Lines(country, known.emergency or "", rows, warnings, known.as_of)


def newest_checks(clinic: Clinic) -> Mapping[str, Mapping[str, Any]]:
    """By key: what the last one who tried it found."""
    lines = AuditEvent.objects.filter(
        object_type="clinic", object_id=str(clinic.id), kind=LINE_CHECKED
    ).order_by("seq")
    return {row.detail["line"]["key"]: row.detail["line"] for row in lines}


def how(contact: Contact) -> str:
    """`Call 988`, `Text HOME to 741741`."""
    if contact.keyword:
        return f"Text {contact.keyword} to {contact.value}"
    return f"{KINDS[contact.kind]} {contact.value}"


def tried_words(check: Mapping[str, Any]) -> str:
    """`Tried on Tue 24 Nov 2026 by Ada Reed: it works`."""
    outcome = "it works" if check["works"] else "it does not work"
    return f"Tried on {day_words(check['on'])} by {check['by']}: {outcome}"


def _row(
    line: str, contact: Contact, clinic: Clinic, check: Mapping[str, Any] | None
) -> Row:
    own = contact.key in clinic.lines_verified
    tried = tried_words(check) if check else "Not tried by your clinic yet"
    if check and check["value"] != contact.value:
        tried += f". That was {check['value']}: the number has changed since, try again"
    why = "Your clinic verified it" if own else "Ships as verified"
    if not own and not contact.verified:
        why = "Nobody has verified it"
    return Row(
        key=contact.key,
        line=line,
        how=how(contact),
        shown=own or contact.verified,
        why=why,
        tried=tried,
        failed=bool(check) and not (check or {})["works"],
    )


def _warnings(rows: Sequence[Row], country: str) -> Sequence[str]:
    found = []
    if not any(row.shown for row in rows):
        found.append(
            f"Patients see no crisis line of {country}, only the emergency number. "
            "Try a number under Crisis lines and record that it works."
        )
    found += [
        f"{row.how} ({row.line}) did not work when it was tried, and patients still "
        "see it because it ships as verified. Tell whoever runs this installation."
        for row in rows
        if row.failed and row.shown
    ]
    hidden = sum(not row.shown for row in rows)
    if hidden and hidden < len(rows):
        what, them = (
            ("1 number is", "it") if hidden == 1 else (f"{hidden} numbers are", "them")
        )
        found.append(
            f"{what} not shown to patients, because nobody has verified {them} yet."
        )
    return found
