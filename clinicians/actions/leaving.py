"""When somebody leaves or gets another role, what they had in hand goes back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clinicians.actions.base import give_to_team, leave_trace
from clinicians.models import ReviewEvent
from clinicians.workflow import Part, Status, check_move
from core import accounts
from core.audit import Actor
from core.models import Role, User
from core.permissions import Permission, PermissionRefused, can, check_can
from screening.models import Episode

IN_HAND = (Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.TO_CONFIRM)


@transaction.atomic
def end_access(*, user: User, by: User, at: datetime) -> int:
    """End a colleague's access and give their open cases back; returns how many.

    The team is told of each at once, whatever its tier: nobody else knows of it.
    """
    _check(user, by)
    if by.pk == user.pk:
        raise accounts.AccountRefused("You cannot end your own access.")
    _lock(user, by)
    rows = _in_hand(user)
    accounts.deactivate(user=user, by=Actor.staff(by), at=at)
    reason = f"{user} has left the clinic."
    return _give_all_back(rows, reason=reason, by=by, at=at)


@transaction.atomic
def change_role(*, user: User, role: Role, by: User, at: datetime) -> int:
    """Give a colleague another role, which ends their sessions.

    What a role that works on no case had in hand goes back; returns how many.
    """
    _check(user, by)
    if by.pk == user.pk:
        raise accounts.AccountRefused("You cannot change your own role.")
    _lock(user, by)
    rows = _in_hand(user)
    accounts.change_role(user=user, role=role, by=Actor.staff(by), at=at)
    if can(user, Permission.REVIEW):
        return 0
    reason = f"{user} has another role now."
    return _give_all_back(rows, reason=reason, by=by, at=at)


def _check(user: User, by: User) -> None:
    check_can(by, Permission.MANAGE_STAFF)
    if by.clinic_id != user.clinic_id:
        raise PermissionRefused("This account belongs to another clinic.")


def _lock(user: User, by: User) -> None:
    """Wait for whoever changes either of the two, and look again.

    Two administrators who take the role from one another at once would leave a clinic
    without any: the second finds that it is theirs no more. Locked in one order, and
    before any case.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[user.pk, by.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    check_can(found[by.pk], Permission.MANAGE_STAFF)
    now = found[user.pk]
    user.role, user.is_active, user.session_epoch = (
        now.role,
        now.is_active,
        now.session_epoch,
    )


def _in_hand(user: User) -> list[Episode]:
    cases = Episode.objects.filter(owner=user, status__in=IN_HAND)
    # One order for all, and before any line of the log, so that two writers never
    # wait for each other.
    return list(cases.order_by("id").select_for_update())


def _give_all_back(
    rows: Sequence[Episode], *, reason: str, by: User, at: datetime
) -> int:
    for row in rows:
        _give_back(row, reason=reason, by=by, at=at)
    return len(rows)


def _give_back(row: Episode, *, reason: str, by: User, at: datetime) -> None:
    check_move(Status(row.status), Status.OPEN, Part.SYSTEM)
    give_to_team(row, at=at)
    leave_trace(row, ReviewEvent.Kind.RELEASED, by=by, at=at, text=reason)
