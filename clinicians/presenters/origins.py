"""How an answer came into the record, in words: by whom, from what, put right or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from clinicians.presenters.people import readable
from core.models import User
from screening.models import Amendment, Answer, Screening

MODES: Mapping[str, str] = {
    Screening.Mode.PAPER: "from a paper form",
    Screening.Mode.PHONE: "asked by telephone",
    Screening.Mode.IN_PERSON: "asked in person",
}
ORIGINS: Mapping[str, str] = {
    Answer.Origin.TAPPED: "Tapped by the patient",
    Answer.Origin.CONFIRMED: "Typed, then confirmed by the patient",
    Answer.Origin.STAFF: "Entered by staff",
    Answer.Origin.IMPORTED: "Imported",
    Answer.Origin.KEPT: "Given once by the patient",
}


@dataclass(frozen=True, slots=True)
class Amended:
    """Who put an answer right, when and why."""

    by: str
    at: datetime
    reason: str


def how_it_came(answer: Answer, mode: str, amended: Amended | None) -> str:
    """Return the origin of one answer."""
    if amended is not None:
        return f"Amended by {amended.by}"
    origin = ORIGINS[Answer.Origin(answer.origin)]
    if answer.origin == Answer.Origin.STAFF and mode in MODES:
        return f"{origin}, {MODES[mode]}"
    if answer.origin == Answer.Origin.KEPT:
        short = answer.shown.get("kept", {}).get("from", "")
        return f"{origin}, in the {short.upper()}"
    return origin


def amended(row: Amendment) -> Amended:
    """Present an amendment; `by` is read with it."""
    return Amended(by=str(row.by), at=row.at, reason=readable(row, "reason"))


def entered(screening: Screening) -> str:
    """Return how a whole screening came to us, where the patient did not fill it in."""
    if screening.origin == Screening.Origin.STAFF:
        how = MODES.get(screening.mode)
        return f"Entered by staff, {how}" if how else "Entered by staff"
    if screening.origin == Screening.Origin.IMPORT:
        return "Imported"
    return ""


def begun_by(found: Iterable[Screening]) -> Mapping[str, str]:
    """Return by id who began what staff entered; no query where there is none."""
    staff = [
        row
        for row in found
        if row.origin == Screening.Origin.STAFF and row.created_by_id
    ]
    if not staff:
        return {}
    rows = User.objects.filter(id__in=[row.created_by_id for row in staff])
    return {str(user.id): str(user) for user in rows}
