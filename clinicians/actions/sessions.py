"""Ending sessions: one of one's own, all others of one's own, all of a colleague."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from core import accounts, audit
from core.audit import Actor
from core.models import User
from core.permissions import Permission, PermissionRefused, check_can


@transaction.atomic
def end_session(*, session_id: int, by: User, at: datetime) -> bool:
    """End one session of one's own; false if there is no such any more."""
    row = UserSession.objects.select_for_update().filter(pk=session_id, user=by).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    audit.record(
        clinic_id=str(by.clinic_id),
        kind="staff_session_ended",
        by=Actor.staff(by),
        at=at,
        object_type="user",
        object_id=by.pk,
    )
    return True


@transaction.atomic
def end_all_sessions(*, user: User, by: User, at: datetime) -> None:
    """End every session of a person; of a colleague only by whoever runs the team."""
    if user.pk != by.pk:
        check_can(by, Permission.MANAGE_STAFF)
    if by.clinic_id != user.clinic_id:
        raise PermissionRefused("This account belongs to another clinic.")
    accounts.end_sessions(user=user, by=Actor.staff(by), at=at)


@transaction.atomic
def remove_second_factor(*, user: User, by: User, at: datetime) -> None:
    """Take a colleague's lost factors away; the next sign-in sets a new one up."""
    check_can(by, Permission.MANAGE_STAFF)
    if by.clinic_id != user.clinic_id:
        raise PermissionRefused("This account belongs to another clinic.")
    if user.pk == by.pk:
        raise accounts.AccountRefused("Change your own on the page “Your sign-in”.")
    accounts.remove_second_factor(user=user, by=Actor.staff(by), at=at)
