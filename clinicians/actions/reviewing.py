"""Working on a case: claim it, give it back, write notes, record contact."""

from datetime import datetime

from django.db import transaction

from clinicians.actions.base import (
    AWAKE,
    check_staff,
    give_to_team,
    leave_trace,
    locked,
    move,
    part_of,
    rest_until,
    stop_notices,
)
from clinicians.definitions import review_policy
from clinicians.models import ReviewEvent
from clinicians.workflow import Part, Status, check_move
from core.models import User
from core.permissions import Permission
from screening.models import Episode


class ClaimedByOther(ValueError):
    """A colleague has this case; `owner` says who."""

    def __init__(self, owner: User) -> None:
        super().__init__(f"{owner} has claimed this case.")
        self.owner = owner


class NoteRefused(ValueError):
    """What was to be recorded says too little; the sentence says what is missing."""


@transaction.atomic
def claim(
    *, episode: Episode, by: User, at: datetime, seconds: int | None = None
) -> Episode:
    """Take a case. Claiming is acknowledging, and stops the notices.

    Of two at once one wins; the other gets ClaimedByOther. Claiming one's own case
    again changes nothing.
    """
    check_staff(episode, by, Permission.REVIEW)
    row = locked(episode)
    if row.status in (Status.ACKNOWLEDGED, Status.IN_PROGRESS) and row.owner:
        if row.owner_id == by.id:
            return row
        raise ClaimedByOther(row.owner)
    check_move(Status(row.status), Status.ACKNOWLEDGED, part_of(row, by))
    move(
        row,
        status=Status.ACKNOWLEDGED,
        owner=by,
        acknowledged_at=at,
        progressed_at=None,
        next_notice_at=rest_until(row, Status.ACKNOWLEDGED, at=at),
    )
    stop_notices(row, at=at)
    leave_trace(row, ReviewEvent.Kind.ACKNOWLEDGED, by=by, at=at, seconds=seconds)
    return row


# The link in a notice leads to the queue, where acknowledging is claiming.
acknowledge = claim


@transaction.atomic
def release(
    *,
    episode: Episode,
    by: User,
    at: datetime,
    reason: str = "",
    seconds: int | None = None,
) -> Episode:
    """Give a case back to the team, which is told at once."""
    check_staff(episode, by, Permission.REVIEW)
    row = locked(episode)
    check_move(Status(row.status), Status.OPEN, part_of(row, by))
    give_to_team(row, at=at)
    kind, text = ReviewEvent.Kind.RELEASED, reason.strip()
    leave_trace(row, kind, by=by, at=at, text=text, seconds=seconds)
    return row


@transaction.atomic
def note(
    *, episode: Episode, text: str, by: User, at: datetime, seconds: int | None = None
) -> ReviewEvent:
    """Add a note. By the owner it is progress; by anyone else it is a note."""
    check_staff(episode, by, Permission.REVIEW)
    if not text.strip():
        raise NoteRefused("Write something first.")
    row = locked(episode)
    _progress(row, by=by, at=at)
    kind, said = ReviewEvent.Kind.NOTE, text.strip()
    return leave_trace(row, kind, by=by, at=at, text=said, seconds=seconds)


@transaction.atomic
def record_contact(
    *,
    episode: Episode,
    outcome: str,
    text: str,
    by: User,
    at: datetime,
    seconds: int | None = None,
) -> ReviewEvent:
    """Record an attempt to reach the patient, or why there was none."""
    check_staff(episode, by, Permission.REVIEW)
    chosen = review_policy().contact(outcome)
    if chosen is None:
        raise NoteRefused("Choose how the contact attempt ended.")
    if chosen.needs_note and not text.strip():
        raise NoteRefused(f"Write a note. It belongs to this outcome: {chosen.label}.")
    row = locked(episode)
    _progress(row, by=by, at=at)
    return leave_trace(
        row,
        ReviewEvent.Kind.CONTACT,
        by=by,
        at=at,
        code=chosen.id,
        text=text.strip(),
        seconds=seconds,
    )


def _progress(row: Episode, *, by: User, at: datetime) -> None:
    """Let the owner's record move the case on; the clock of its rest starts anew."""
    if part_of(row, by) is not Part.OWNER:
        return
    if row.status == Status.ACKNOWLEDGED:
        check_move(Status.ACKNOWLEDGED, Status.IN_PROGRESS, Part.OWNER)
    elif row.status != Status.IN_PROGRESS:
        return
    move(
        row,
        status=Status.IN_PROGRESS,
        progressed_at=at,
        next_notice_at=_next_look(row, at=at),
        **AWAKE,
    )


def _next_look(row: Episode, *, at: datetime) -> datetime:
    """Keep a look that a newly joined flag has made due: it is not this record's."""
    if row.next_notice_at is not None and row.next_notice_at <= at:
        return row.next_notice_at
    return rest_until(row, Status.IN_PROGRESS, at=at)
