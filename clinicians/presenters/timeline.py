"""Everything that happened to a case, from the invitation on, the newest first."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from clinicians.definitions import review_policy
from clinicians.models import ReviewEvent
from clinicians.presenters.answers import ItemRow
from clinicians.presenters.origins import Amended, entered
from clinicians.presenters.people import readable
from clinicians.presenters.results import ScreeningView
from clinicians.presenters.times import moment
from screening.models import Episode, Flag, Screening


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline, as the component reads it."""

    at: str
    iso: str
    title: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened, before its time is put into words."""

    at: datetime
    title: str
    text: str = ""
    by: str = ""

    def told(self, zone: ZoneInfo) -> Event:
        """The line, on the clinic's own clock."""
        when, iso = moment(self.at, zone), self.at.isoformat()
        return Event(at=when, iso=iso, title=self.title, text=self.text, by=self.by)


def timeline(
    row: Episode,
    flags: Sequence[Flag],
    sittings: Sequence[ScreeningView],
    zone: ZoneInfo,
) -> list[Event]:
    """Read and sort the moments of a case: flags, review, sittings, amendments."""
    ids = {flag.screening_id for flag in flags}
    moments = [
        *(Moment(f.raised_at, "Flag raised", f.title) for f in flags),
        *(reviewed(event) for event in row.events.select_related("by")),
        *_sittings(ids),
        *_amendments(sittings),
    ]
    moments.sort(key=lambda one: one.at, reverse=True)
    return [one.told(zone) for one in moments]


def _sittings(ids: set[uuid.UUID]) -> Iterator[Moment]:
    for row in Screening.objects.filter(id__in=ids).order_by("created_at"):
        what = " and ".join(i.upper() for i in row.battery)
        by_staff = row.origin == Screening.Origin.STAFF
        begun = "Entry begun" if by_staff else "Screening asked for"
        yield Moment(row.created_at, begun, f"{what}. {entered(row)}".strip(". "))
        if row.consented_at:
            yield Moment(row.consented_at, "Patient agreed to begin")
        if row.started_at:
            yield Moment(row.started_at, "First answer")
        if row.completed_at:
            yield Moment(row.completed_at, "Submitted and scored", what)
        elif row.closed_at:
            ended = "Expired unfinished"
            if row.status == Screening.Status.WITHDRAWN:
                ended = "Entry discarded" if by_staff else "Stopped by the patient"
            yield Moment(row.closed_at, ended, what)


def _amendments(found: Iterable[ScreeningView]) -> Iterator[Moment]:
    for sitting in found:
        for part in sitting.administrations:
            for item in part.items:
                for given in (item.answer, *item.earlier):
                    if given and given.amended:
                        yield _amendment(
                            f"{part.score.title} item", item, given.amended
                        )


def _amendment(what: str, item: ItemRow, amended: Amended) -> Moment:
    text = f"{what} {item.number}. {amended.reason}"
    return Moment(amended.at, "Answer amended", text, amended.by)


def reviewed(event: ReviewEvent) -> Moment:
    """One event of the review, in words."""
    said = [part for part in (_code_words(event), readable(event, "detail")) if part]
    by = str(event.by) if event.by else ""
    return Moment(event.at, event.get_kind_display(), ". ".join(said), by)


def _code_words(event: ReviewEvent) -> str:
    if event.kind == ReviewEvent.Kind.CONTACT:
        outcome = review_policy().contact(event.code)
        return outcome.label if outcome else event.code
    if event.kind in (ReviewEvent.Kind.CLOSED, ReviewEvent.Kind.CLOSE_PROPOSED):
        return disposition(event.code)
    if event.kind in (ReviewEvent.Kind.ESCALATED, ReviewEvent.Kind.NOTICE_FAILED):
        return f"To: {event.code}"
    return event.code


def disposition(code: str) -> str:
    """How a case was closed, in words."""
    found = review_policy().disposition(code)
    return found.label if found else code
