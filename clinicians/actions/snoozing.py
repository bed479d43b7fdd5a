"""Putting a case in hand off for a while: it stays in the queue, and comes back."""

from datetime import datetime, timedelta

from django.db import transaction

from clinicians.actions.base import (
    AWAKE,
    CaseChanged,
    check_staff,
    leave_trace,
    locked,
    move,
    part_of,
    rest_until,
)
from clinicians.definitions import review_policy
from clinicians.models import ReviewEvent
from clinicians.workflow import MoveRefused, Part, Status, check_snooze
from core.models import User
from core.permissions import Permission
from screening.domain.rules import Tier
from screening.models import Episode

IN_WORK = (Status.ACKNOWLEDGED, Status.IN_PROGRESS)


@transaction.atomic
def snooze(
    *,
    episode: Episode,
    seen_version: int,
    minutes: int,
    reason: str,
    by: User,
    at: datetime,
    seconds: int | None = None,
) -> Episode:
    """Put one's own case off. The time, or any new flag, brings it back to the queue.

    Raises CaseChanged if anything happened to the case since it was read,
    SnoozeRefused if it may not wait so long.
    """
    row = _own(episode, by)
    if row.version != seen_version:
        raise CaseChanged
    until = at + timedelta(minutes=minutes)
    check_snooze(
        review_policy(),
        Tier(row.tier),
        until=until,
        reason=reason,
        due_at=row.due_at,
        at=at,
    )
    move(row, snoozed_at=at, snoozed_until_at=until, next_notice_at=until)
    kind = ReviewEvent.Kind.SNOOZED
    leave_trace(
        row,
        kind,
        by=by,
        at=at,
        text=reason.strip(),
        detail={"until": until.isoformat()},
        seconds=seconds,
    )
    return row


@transaction.atomic
def wake(*, episode: Episode, by: User, at: datetime) -> Episode:
    """Take one's own case up again before its time."""
    row = _own(episode, by)
    if row.snoozed_until_at is None:
        raise CaseChanged
    rest = rest_until(row, Status(row.status), at=at)
    move(row, next_notice_at=rest, **AWAKE)
    leave_trace(row, ReviewEvent.Kind.AWAKE, by=by, at=at)
    return row


def _own(episode: Episode, by: User) -> Episode:
    check_staff(episode, by, Permission.REVIEW)
    row = locked(episode)
    if row.status not in IN_WORK or part_of(row, by) is not Part.OWNER:
        raise MoveRefused("Only its owner can put a case off.")
    return row
