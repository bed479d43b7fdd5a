"""One act on several cases, and undoing it while there is time: each row on record."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from clinicians.actions.base import (
    CaseChanged,
    check_staff,
    leave_trace,
    locked,
    move,
    part_of,
)
from clinicians.actions.closing import close, waits_for_second
from clinicians.actions.reviewing import claim
from clinicians.definitions import asq_policy, queue_policy
from clinicians.models import BulkAct, Notice, ReviewEvent
from clinicians.workflow import MoveRefused, Status, check_move
from clinicians.workflow.bulk import BulkKind, BulkRefused, check_bulk
from core.models import Clinic, User
from core.permissions import Permission, check_can
from screening.domain.rules import Tier
from screening.models import Episode

# What an act changes beside status and owner, and undoing it puts back.
_TIMES = (
    "acknowledged_at",
    "progressed_at",
    "next_notice_at",
    "snoozed_at",
    "snoozed_until_at",
)
# Each way back that the table of moves knows, one step after the other.
_WAY_BACK: Mapping[tuple[str, str], tuple[Status, ...]] = {
    ("ACKNOWLEDGED", "OPEN"): (Status.OPEN,),
    ("CLOSED", "ACKNOWLEDGED"): (Status.OPEN, Status.ACKNOWLEDGED),
    ("CLOSED", "IN_PROGRESS"): (
        Status.OPEN,
        Status.ACKNOWLEDGED,
        Status.IN_PROGRESS,
    ),
}


def check_one_of_several(kind: BulkKind, row: Episode, by: User) -> None:
    """Raise BulkRefused or MoveRefused, with the sentence for this case."""
    check_bulk(
        kind,
        tier=Tier(row.tier),
        rules={flag.rule for flag in row.flags.all()},
        alone=asq_policy().after,
        status=Status(row.status),
        part=part_of(row, by),
    )
    if kind is BulkKind.CLOSE and waits_for_second(row):
        raise BulkRefused("Closing it needs a second person.")


@transaction.atomic
def act_on_several(
    *,
    kind: BulkKind,
    clinic: Clinic,
    seen: Mapping[uuid.UUID, int],
    by: User,
    at: datetime,
) -> BulkAct:
    """Do it to all or to none. `seen`: each case with the version that was read.

    Raises what acting on one case raises, and CaseChanged if any has changed.
    """
    check_can(by, Permission.REVIEW)
    policy = queue_policy()
    if not 0 < len(seen) <= policy.bulk_most:
        raise BulkRefused(f"Choose 1 to {policy.bulk_most} cases.")
    # One order for all, so that two writers never wait for each other.
    rows = Episode.objects.filter(clinic=clinic, id__in=seen)
    kept = [
        _act(kind, row, version=seen[row.id], by=by, at=at)
        for row in rows.order_by("id").select_for_update()
    ]
    if len(kept) != len(seen):
        raise CaseChanged
    return BulkAct.objects.create(
        clinic=clinic,
        kind=kind.value,
        cases=kept,
        by=by,
        at=at,
        undo_until_at=at + timedelta(seconds=policy.undo_seconds),
    )


def _act(
    kind: BulkKind, row: Episode, *, version: int, by: User, at: datetime
) -> dict[str, Any]:
    """Act on one case; returns what it was before, and its version after."""
    check_staff(row, by, Permission.REVIEW)
    check_one_of_several(kind, row, by)
    if row.version != version:
        raise CaseChanged
    before = {name: getattr(row, name) for name in _TIMES}
    kept: dict[str, Any] = {
        "id": str(row.id),
        "status": row.status,
        "owner": str(row.owner_id) if row.owner_id else None,
        **{name: time.isoformat() if time else None for name, time in before.items()},
    }
    if kind is BulkKind.CLAIM:
        after = claim(episode=row, by=by, at=at)
    else:
        after = close(
            episode=row,
            seen_version=version,
            disposition=queue_policy().bulk_disposition,
            note="",
            by=by,
            at=at,
        )
    return {**kept, "version": after.version}


@transaction.atomic
def undo(*, act: BulkAct, by: User, at: datetime) -> tuple[int, int]:
    """Put each case back as it was; returns how many were, and how many could not be.

    A case that anything has happened to since is left as it is. Raises BulkRefused
    after the time, for somebody else's act, or the second time.
    """
    check_can(by, Permission.REVIEW)
    row = BulkAct.objects.select_for_update().get(id=act.id)
    if row.by_id != by.id:
        raise BulkRefused("Only who did this can undo it.")
    if row.undone_at is not None:
        raise BulkRefused("This was undone already.")
    if at > row.undo_until_at:
        raise BulkRefused("It is too late to undo this. Each case can be worked on.")
    # All are locked, in the order of everybody, before the first is written of.
    cases = Episode.objects.filter(id__in=[kept["id"] for kept in row.cases])
    list(cases.order_by("id").select_for_update())
    put_back = sum(_put_back_safely(row, kept, by=by, at=at) for kept in row.cases)
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    return put_back, len(row.cases) - put_back


def _put_back_safely(
    act: BulkAct, kept: Mapping[str, Any], *, by: User, at: datetime
) -> bool:
    try:
        with transaction.atomic():
            _put_back(act, kept, by=by, at=at)
    except (CaseChanged, MoveRefused, IntegrityError):
        # Somebody or something has moved it, or the patient has another open case.
        return False
    return True


def _put_back(act: BulkAct, kept: Mapping[str, Any], *, by: User, at: datetime) -> None:
    row = locked(Episode(id=kept["id"]))
    if row.version != kept["version"]:
        raise CaseChanged
    for status in _WAY_BACK.get((row.status, kept["status"]), ()):
        check_move(Status(row.status), status, part_of(row, by))
        move(row, status=status, closed_at=None, disposition="")
    if row.status != kept["status"]:
        raise CaseChanged
    times = {n: parse_datetime(kept[n]) if kept[n] else None for n in _TIMES}
    move(row, owner_id=kept["owner"], **times)
    # What the act took back is owed again.
    taken = Notice.objects.filter(episode=row, stopped_at=act.at, sent_at=None)
    if row.status == Status.OPEN:
        taken.filter(failed_at=None).update(stopped_at=None, next_at=at)
    leave_trace(row, ReviewEvent.Kind.UNDONE, by=by, at=at, code=act.kind)
