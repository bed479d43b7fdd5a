"""Handing cases to a named colleague: one case, or a whole shift."""

from datetime import datetime

from django.db import transaction

from clinicians.actions.absences import absence_of, covers
from clinicians.actions.base import (
    AWAKE,
    check_staff,
    leave_trace,
    locked,
    move,
    part_of,
    rest_until,
    stop_notices,
)
from clinicians.models import ReviewEvent
from clinicians.workflow import MoveRefused, Part, Status, check_move
from core.models import User
from core.permissions import Permission, can, check_can
from screening.models import Episode


class HandOverRefused(MoveRefused):
    """This case cannot go to this person; the sentence says why."""


@transaction.atomic
def hand_over(
    *, episode: Episode, to: User, reason: str, by: User, at: datetime
) -> Episode:
    """Give a case to a colleague, who is told at once and has to claim it.

    Until they do it is open and climbs: to hand over is not to have been heard.
    By its owner, by who covers for them, or by a supervisor, who may take it over.
    """
    check_staff(episode, by, Permission.REVIEW)
    row = locked(episode)
    _check_hands(row, by, at=at)
    _check_taker(row, to, at=at)
    if to.id == by.id:
        return _take_over(row, reason, by=by, at=at)
    _give(row, to, reason, by=by, at=at)
    return row


@transaction.atomic
def hand_over_shift(*, to: User, reason: str, by: User, at: datetime) -> int:
    """Give every open case that one has to one colleague; returns how many cases.

    All of them or none: nobody goes home in the belief that the last one went too.
    """
    check_can(by, Permission.REVIEW)
    cases = Episode.objects.filter(clinic_id=str(by.clinic_id), owner=by)
    # One order for all, so that two writers never wait for each other.
    open_ones = cases.exclude(status=Status.CLOSED).order_by("id")
    rows = list(open_ones.select_for_update())
    for row in rows:
        _check_taker(row, to, at=at)
        _give(row, to, reason, by=by, at=at)
    return len(rows)


def may_hand_over(row: Episode, by: User, *, at: datetime) -> bool:
    """Say whether this person may hand this case to somebody."""
    if not can(by, Permission.REVIEW) or row.status == Status.CLOSED:
        return False
    try:
        _check_hands(row, by, at=at)
    except MoveRefused:
        return False
    return True


def takers(by: User, *, at: datetime) -> list[User]:
    """The colleagues who may be given a case now."""
    staff = User.objects.filter(clinic_id=str(by.clinic_id), is_active=True)
    return [
        user
        for user in staff.order_by("name", "id")
        if can(user, Permission.REVIEW) and absence_of(user, at=at) is None
    ]


def _check_hands(row: Episode, by: User, *, at: datetime) -> None:
    if row.status == Status.CLOSED:
        raise HandOverRefused("This case is closed. Reopen it first.")
    if row.owner_id == by.id or can(by, Permission.REASSIGN):
        return
    if row.owner and covers(by, row.owner, at=at):
        return
    raise HandOverRefused("Only its owner or a supervisor can hand this case over.")


def _check_taker(row: Episode, to: User, *, at: datetime) -> None:
    if to.clinic_id != row.clinic_id or not can(to, Permission.REVIEW):
        raise HandOverRefused(f"{to} cannot work on this clinic's cases.")
    if row.owner_id == to.id:
        raise HandOverRefused(f"{to} has this case already.")
    absence = absence_of(to, at=at)
    if absence is not None:
        raise HandOverRefused(f"{to} is away. {absence.cover} covers for them.")


def _give(row: Episode, to: User, reason: str, *, by: User, at: datetime) -> None:
    if row.status == Status.TO_CONFIRM:
        # What was proposed stands; only whose it is if nobody confirms it changes.
        move(row, owner=to)
    else:
        _reopen_for(row, to, by=by, at=at)
    _trace(row, to, reason, by=by, at=at)


def _reopen_for(row: Episode, to: User, *, by: User, at: datetime) -> None:
    if row.status != Status.OPEN:
        part = part_of(row, by)
        # Whoever covers for the owner stands in the owner's place.
        part = Part.OWNER if part is Part.MEMBER else part
        check_move(Status(row.status), Status.OPEN, part)
    # What is owed to whoever had it before says nothing to the one who has it now.
    stop_notices(row, at=at)
    move(
        row,
        status=Status.OPEN,
        owner=to,
        acknowledged_at=None,
        progressed_at=None,
        next_notice_at=at,
        ladder_step=0,
        ladder_round=row.ladder_round + 1,
        **AWAKE,
    )


def _take_over(row: Episode, reason: str, *, by: User, at: datetime) -> Episode:
    if row.status == Status.TO_CONFIRM:
        raise HandOverRefused(
            "Closing this case waits for a second person: confirm it."
        )
    _reopen_for(row, by, by=by, at=at)
    _trace(row, by, reason, by=by, at=at)
    check_move(Status.OPEN, Status.ACKNOWLEDGED, part_of(row, by))
    rest = rest_until(row, Status.ACKNOWLEDGED, at=at)
    move(row, status=Status.ACKNOWLEDGED, acknowledged_at=at, next_notice_at=rest)
    leave_trace(row, ReviewEvent.Kind.ACKNOWLEDGED, by=by, at=at)
    return row


def _trace(row: Episode, to: User, reason: str, *, by: User, at: datetime) -> None:
    said = f"To {to}. {reason.strip()}".strip()
    kind = ReviewEvent.Kind.HANDED_OVER
    leave_trace(row, kind, by=by, at=at, text=said, detail={"to": str(to.id)})
