"""How an answer came into the record, in words: by whom, from what, put right or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinicians.presenters.people import readable
from clinicians.presenters.times import moment
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
}


@dataclass(frozen=True, slots=True)
class Amended:
    """Who put an answer right, when and why."""

    by: str
    at: str
    reason: str


def how_it_came(answer: Answer, mode: str, amended: Amended | None) -> str:
    """Return the origin of one answer."""
    if amended is not None:
        return f"Amended by {amended.by}"
    origin = ORIGINS[Answer.Origin(answer.origin)]
    if answer.origin == Answer.Origin.STAFF and mode in MODES:
        return f"{origin}, {MODES[mode]}"
    return origin


def amended(row: Amendment, zone: ZoneInfo) -> Amended:
    """Present an amendment; `by` is read with it."""
    return Amended(
        by=str(row.by), at=moment(row.at, zone), reason=readable(row, "reason")
    )


def entered(screening: Screening) -> str:
    """Return how a whole screening came to us, where the patient did not fill it in."""
    if screening.origin == Screening.Origin.STAFF:
        how = MODES.get(screening.mode)
        return f"Entered by staff, {how}" if how else "Entered by staff"
    if screening.origin == Screening.Origin.IMPORT:
        return "Imported"
    return ""
