"""When somebody leaves, what they had in hand goes back to the team with them gone."""

from datetime import datetime

from django.db import transaction

from clinicians.actions.base import give_to_team, leave_trace
from clinicians.models import ReviewEvent
from clinicians.workflow import Part, Status, check_move
from core import accounts
from core.audit import Actor
from core.models import User
from core.permissions import Permission, PermissionRefused, check_can
from screening.models import Episode

IN_HAND = (Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.TO_CONFIRM)


@transaction.atomic
def end_access(*, user: User, by: User, at: datetime) -> int:
    """End a colleague's access and give their open cases back; returns how many.

    The team is told of each at once, whatever its tier: nobody else knows of it.
    """
    check_can(by, Permission.MANAGE_STAFF)
    if by.clinic_id != user.clinic_id:
        raise PermissionRefused("This account belongs to another clinic.")
    cases = Episode.objects.filter(owner=user, status__in=IN_HAND)
    # One order for all, and before any line of the log, so that two writers never
    # wait for each other.
    rows = list(cases.order_by("id").select_for_update())
    accounts.deactivate(user=user, by=Actor.staff(by), at=at)
    for row in rows:
        _give_back(row, owner=user, by=by, at=at)
    return len(rows)


def _give_back(row: Episode, *, owner: User, by: User, at: datetime) -> None:
    check_move(Status(row.status), Status.OPEN, Part.SYSTEM)
    give_to_team(row, at=at)
    reason = f"{owner} has left the clinic."
    leave_trace(row, ReviewEvent.Kind.RELEASED, by=by, at=at, text=reason)
