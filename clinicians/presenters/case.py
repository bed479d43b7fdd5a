"""A case: who, why, what was answered, what was done, who has looked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinicians.actions import may_hand_over, part_of, proposal, waits_for_second
from clinicians.definitions import review_policy
from clinicians.models import ReviewEvent
from clinicians.presenters.amended import amendment_lines
from clinicians.presenters.asking import AsqView, asq_view
from clinicians.presenters.people import Why, readable, why
from clinicians.presenters.queue import QueueRow, present
from clinicians.presenters.results import ScreeningView, screenings
from clinicians.presenters.times import moment
from clinicians.workflow import Part, Status, can_move
from core.models import AuditEvent, Clinic, User
from core.permissions import Permission, can
from screening.domain.rules import Tier, tier_rank
from screening.models import Episode, Flag

LOOKS = 20


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline, as the component reads it."""

    at: str
    iso: str
    title: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag with the moment it was raised."""

    why: Why
    at: str


@dataclass(frozen=True, slots=True)
class Able:
    """What this person may do to this case now."""

    claim: bool
    release: bool
    close: bool
    propose: bool
    confirm: bool
    take_back: bool
    snooze: bool
    hand_over: bool
    reopen: bool
    record: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """The whole case."""

    row: QueueRow
    flags: Sequence[Flagged]
    screenings: Sequence[ScreeningView]
    timeline: Sequence[Event]
    looks: Sequence[Event]
    able: Able
    urgent: bool
    disposition: str
    proposal: "Event | None"
    put_off: str
    asq: AsqView | None


def case_view(row: Episode, clinic: Clinic, user: User, *, at: datetime) -> CaseView:
    """Read and present one case."""
    flags = list(row.flags.all())
    ids = list(dict.fromkeys(flag.screening_id for flag in flags))
    answered = screenings(ids, clinic.zone, amends=can(user, Permission.AMEND))
    return CaseView(
        row=present(row, clinic, user, at=at),
        flags=[
            Flagged(why(flag), moment(flag.raised_at, clinic.zone))
            for flag in sorted(flags, key=lambda f: tier_rank(Tier(f.tier)))
        ],
        screenings=answered,
        timeline=_timeline(row, flags, amendment_lines(answered), clinic),
        looks=looks("episode", row.id, clinic),
        able=able(row, user, at=at),
        urgent=row.tier == Tier.URGENT,
        disposition=_disposition(row.disposition),
        proposal=_proposal(row, clinic),
        put_off=_put_off(row, clinic),
        asq=asq_view(row, flags, clinic, user),
    )


def _put_off(row: Episode, clinic: Clinic) -> str:
    """Until when the case is put off, while it is."""
    until = row.snoozed_until_at
    return f"Put off until {moment(until, clinic.zone)}" if until else ""


def _proposal(row: Episode, clinic: Clinic) -> Event | None:
    """What the colleague wrote who proposed to close it, while that waits."""
    event = proposal(row) if row.status == Status.TO_CONFIRM else None
    if event is None:
        return None
    at = moment(event.at, clinic.zone)
    return Event(at=at, iso=event.at.isoformat(), **_event(event))


def able(row: Episode, user: User, *, at: datetime) -> Able:
    """The yes/no twins of the rules that the writes check."""
    part = part_of(row, user)
    status = Status(row.status)
    review = can(user, Permission.REVIEW)
    return Able(
        claim=review and can_move(status, Status.ACKNOWLEDGED, part),
        release=review
        and status != Status.CLOSED
        and can_move(status, Status.OPEN, part),
        close=review
        and status != Status.TO_CONFIRM
        and can_move(status, Status.CLOSED, part),
        propose=waits_for_second(row),
        confirm=review
        and status == Status.TO_CONFIRM
        and can_move(status, Status.CLOSED, part),
        take_back=review and part is Part.PROPOSER,
        snooze=review
        and part is Part.OWNER
        and status in (Status.ACKNOWLEDGED, Status.IN_PROGRESS),
        hand_over=may_hand_over(row, user, at=at),
        reopen=can(user, Permission.REOPEN)
        and status == Status.CLOSED
        and can_move(status, Status.OPEN, part),
        record=review,
    )


def _disposition(code: str) -> str:
    found = review_policy().disposition(code)
    return found.label if found else code


def _timeline(
    row: Episode,
    flags: Sequence[Flag],
    amended: Sequence[tuple[datetime, dict[str, str]]],
    clinic: Clinic,
) -> list[Event]:
    """Everything that happened to the case, the newest first."""
    lines: list[tuple[datetime, dict[str, str]]] = [
        (f.raised_at, {"title": "Flag raised", "text": f.title, "by": ""})
        for f in flags
    ]
    for event in row.events.select_related("by").order_by("at", "id"):
        lines.append((event.at, _event(event)))
    lines += amended
    lines.sort(key=lambda line: line[0], reverse=True)
    return [
        Event(at=moment(at, clinic.zone), iso=at.isoformat(), **words)
        for at, words in lines
    ]


def _event(event: ReviewEvent) -> dict[str, str]:
    said = [part for part in (_code_words(event), readable(event, "detail")) if part]
    return {
        "title": event.get_kind_display(),
        "text": ". ".join(said),
        "by": str(event.by) if event.by else "",
    }


def _code_words(event: ReviewEvent) -> str:
    if event.kind == ReviewEvent.Kind.CONTACT:
        outcome = review_policy().contact(event.code)
        return outcome.label if outcome else event.code
    if event.kind in (ReviewEvent.Kind.CLOSED, ReviewEvent.Kind.CLOSE_PROPOSED):
        return _disposition(event.code)
    if event.kind in (ReviewEvent.Kind.ESCALATED, ReviewEvent.Kind.NOTICE_FAILED):
        return f"To: {event.code}"
    return event.code


def looks(object_type: str, object_id: uuid.UUID, clinic: Clinic) -> list[Event]:
    """Who has opened this record, from the audit log."""
    rows = AuditEvent.objects.filter(
        object_type=object_type,
        object_id=str(object_id),
        kind__in=["CASE_VIEWED", "PATIENT_VIEWED", "RESULTS_VIEWED"],
    ).order_by("-at")[:LOOKS]
    found = list(rows)
    names: dict[str, Any] = {
        str(user.id): str(user)
        for user in User.objects.filter(id__in={row.actor_id for row in found})
    }
    return [
        Event(
            at=moment(row.at, clinic.zone),
            iso=row.at.isoformat(),
            title=names.get(row.actor_id, "Somebody who has left"),
            text="",
            by="",
        )
        for row in found
    ]
