"""What marking a screening as entered in error does, and what was said of one that is."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from clinicians.presenters.people import readable
from clinicians.presenters.records import CaseNotice
from clinicians.presenters.times import moment
from clinicians.workflow import Status
from core.models import Clinic
from screening.models import Episode, Retraction, Screening


@dataclass(frozen=True, slots=True)
class Retracted:
    """Who said that a screening was entered in error, when and why."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that stays open all the same."""

    id: uuid.UUID
    opened: str


TITLE = "Entered in error."


def retractions(
    ids: Collection[uuid.UUID], zone: ZoneInfo
) -> Mapping[uuid.UUID, Retracted]:
    """Return what was said of these screenings, by screening; of most nothing."""
    if not ids:
        return {}
    rows = Retraction.objects.filter(screening_id__in=ids).select_related("by")
    return {row.screening_id: _said(row, zone) for row in rows}


def _said(row: Retraction, zone: ZoneInfo) -> Retracted:
    words = [row.reason_label.rstrip("."), readable(row, "note").rstrip(".")]
    why = ". ".join(part for part in words if part)
    text = (
        f"{why}. Said by {row.by}, {moment(row.at, zone)}. These answers are kept, and "
        "are no result of this patient: they count in no course, no comparison and no "
        "quality measure."
    )
    return Retracted(TITLE, text)


def open_cases_of(row: Screening, clinic: Clinic) -> list[OpenCase]:
    """The open cases that flags of this screening are in."""
    cases = Episode.objects.filter(flags__screening=row).exclude(status=Status.CLOSED)
    return [
        OpenCase(case.id, moment(case.opened_at, clinic.zone))
        for case in cases.distinct().order_by("opened_at", "id")
    ]


class Shown(Protocol):
    """A screening on a page."""

    @property
    def title(self) -> str: ...

    @property
    def retracted(self) -> Retracted | None: ...


def in_error_notices(row: Episode, sittings: Sequence[Shown]) -> list[CaseNotice]:
    """What whoever works on a case has to know before anything else."""
    stands = "" if row.status == Status.CLOSED else _STANDS
    return [
        CaseNotice(f"Entered in error: {one.title}.", f"{one.retracted.text}{stands}")
        for one in sittings
        if one.retracted
    ]


_STANDS = (
    " The flags that it raised stand: somebody gave these answers. This case stays open "
    "until a clinician has found out who, and has closed it."
)
