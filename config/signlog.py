"""Who signed in and out, who could not, new factors and passwords: a line for each."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, user_logged_in
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.crypto import blind_index
from core.models import User

# For what no clinic can be named.
CHAIN = "sign-in"
# Whoever fails has not shown who they are.
NOBODY = Actor.system("sign-in")


@receiver(user_logged_in)
def note_sign_in(user: object, **_kwargs: object) -> None:
    if isinstance(user, User):
        _note(user, "staff_signed_in", by=Actor.staff(user))


@receiver(user_logged_out)
def note_sign_out(user: object, **_kwargs: object) -> None:
    # Signing out without having signed in is nothing that happened.
    if isinstance(user, User):
        _note(user, "staff_signed_out", by=Actor.staff(user))


@receiver(user_login_failed)
def note_failed_sign_in(credentials: dict[str, Any], **_kwargs: object) -> None:
    """The typed address is not kept: people type passwords there."""
    address = str(credentials.get("email") or "").strip().lower()
    user = User.objects.filter(email=address).first()
    if user is not None:
        _note(user, "staff_sign_in_failed", by=NOBODY)
        return
    index = blind_index(address, purpose="sign-in address")
    _note_unknown(index, "staff_sign_in_failed")


@receiver(authentication_failed)
def note_failed_factor(user: object, authenticator: Any, **_kwargs: object) -> None:
    if isinstance(user, User):
        detail = {"factor": str(authenticator.type)}
        _note(user, "staff_second_factor_failed", by=NOBODY, detail=detail)


def note_failed_passkey(user: object) -> None:
    """Of somebody signing in by a passkey alone nothing is known if it does not hold."""
    if isinstance(user, User):
        detail = {"factor": "webauthn"}
        _note(user, "staff_second_factor_failed", by=NOBODY, detail=detail)
    else:
        _note_unknown("passkey", "staff_sign_in_failed")


@receiver([authenticator_added, authenticator_reset])
def note_new_factor(user: object, authenticator: Any, **_kwargs: object) -> None:
    if isinstance(user, User):
        detail = {"factor": str(authenticator.type)}
        _note(user, "staff_factor_added", by=Actor.staff(user), detail=detail)


@receiver([password_changed, password_reset])
def note_new_password(user: object, **_kwargs: object) -> None:
    if isinstance(user, User):
        _note(user, "staff_password_changed", by=Actor.staff(user))


@transaction.atomic
def _note(
    user: User, kind: str, *, by: Actor, detail: dict[str, str] | None = None
) -> None:
    chain = f"clinic:{user.clinic_id}" if user.clinic_id else CHAIN
    audit.record_in(
        chain,
        kind=kind,
        by=by,
        at=timezone.now(),
        object_type="user",
        object_id=user.pk,
        detail=detail,
    )


@transaction.atomic
def _note_unknown(index: str, kind: str) -> None:
    audit.record_in(
        CHAIN,
        kind=kind,
        by=NOBODY,
        at=timezone.now(),
        object_type="address",
        # Half of it tells addresses apart, and the column is no wider.
        object_id=index[:32],
    )
