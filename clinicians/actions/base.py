"""What every write on a case does: lock it, move it at most once, leave a trace."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from clinicians import workflow
from clinicians.definitions import review_policy
from clinicians.models import Notice, ReviewEvent
from clinicians.workflow import Part, Status
from core import audit
from core.models import Role, User
from core.permissions import Permission, PermissionRefused, check_can
from screening.domain.rules import Tier
from screening.models import Episode

# What a case no longer carries once nobody proposes to close it, or it wakes.
NOT_CLOSING: Mapping[str, Any] = {"closing_by": None, "disposition": ""}
AWAKE: Mapping[str, Any] = {"snoozed_at": None, "snoozed_until_at": None}


class CaseChanged(ValueError):
    """Somebody or something moved this case in the meantime."""

    def __init__(self) -> None:
        super().__init__("This case has changed since you opened it. Look again.")


def check_staff(episode: Episode, by: User, permission: Permission) -> None:
    """Raise PermissionRefused unless `by` may do this at the case's own clinic."""
    check_can(by, permission)
    if by.clinic_id != episode.clinic_id:
        raise PermissionRefused("This case belongs to another clinic.")


def locked(episode: Episode) -> Episode:
    """Return the case as it stands now, locked until the transaction ends.

    Nothing is joined: PostgreSQL reads a row that it had to wait for anew, but not
    what was joined to it, and would give the new owner's id without the owner.
    """
    return Episode.objects.select_for_update().get(id=episode.id)


def part_of(episode: Episode, by: User) -> Part:
    """Return what this person is to the case."""
    if episode.closing_by_id == by.id:
        return Part.PROPOSER
    if episode.owner_id == by.id:
        return Part.OWNER
    return Part.SUPERVISOR if by.role == Role.SUPERVISOR else Part.MEMBER


def move(row: Episode, **fields: Any) -> None:
    """Change the case if nobody else has since it was read, else raise CaseChanged.

    The row lock does this on PostgreSQL; the version does it everywhere.
    """
    changed = Episode.objects.filter(id=row.id, version=row.version).update(
        version=F("version") + 1, **fields
    )
    if changed != 1:
        raise CaseChanged
    row.version += 1
    for name, value in fields.items():
        setattr(row, name, value)


def give_to_team(row: Episode, *, at: datetime, **fields: Any) -> None:
    """Leave the case without an owner, before the whole team, which is told now."""
    move(
        row,
        status=Status.OPEN,
        owner=None,
        acknowledged_at=None,
        progressed_at=None,
        **NOT_CLOSING,
        **AWAKE,
        next_notice_at=at,
        ladder_step=0,
        ladder_round=row.ladder_round + 1,
        **fields,
    )


def rest_until(row: Episode, status: Status, *, at: datetime) -> datetime:
    """Return when the case goes back to the team if nothing more is recorded.

    "Overdue at any step climbs": the due time counts too, if it is still ahead.
    """
    minutes = workflow.resting_minutes(review_policy(), Tier(row.tier), status)
    rest = at + timedelta(minutes=minutes or 0)
    return min(rest, row.due_at) if row.due_at > at else rest


def stop_notices(row: Episode, *, at: datetime) -> None:
    """Take back what has not been sent: somebody has the case now."""
    Notice.objects.filter(episode=row, next_at__isnull=False).update(
        next_at=None, stopped_at=at
    )


def leave_trace(
    row: Episode,
    kind: ReviewEvent.Kind,
    *,
    by: User | None,
    at: datetime,
    code: str = "",
    text: str = "",
    detail: Mapping[str, Any] | None = None,
    seconds: int | None = None,
) -> ReviewEvent:
    """Write the event of the case and its audit line.

    `seconds`: between opening the case's page and this, where the page said so.
    """
    event = ReviewEvent.objects.create(
        episode=row, kind=kind, by=by, at=at, code=code, detail=text, seconds=seconds
    )
    audit.record(
        clinic_id=row.clinic_id,
        kind=f"CASE_{kind.value}",
        by=audit.Actor.staff(by) if by else audit.Actor.system("watch"),
        at=at,
        object_type="episode",
        object_id=row.id,
        detail={"event": str(event.id), "code": code, **(detail or {})},
    )
    return event
