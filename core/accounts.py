"""Staff come, change and leave; every write says who did it and is in the log."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from core import audit
from core.audit import Actor
from core.models import Clinic, Role, User

# Recovery codes are no factor of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountRefused(ValueError):
    """A sentence that says what is wrong with the account asked for."""


@transaction.atomic
def create_clinic(
    *,
    name: str,
    country: str,
    time_zone: str,
    by: Actor,
    at: datetime,
    **settings: Any,
) -> Clinic:
    if not name.strip():
        raise AccountRefused("Give the clinic a name.")
    if len(country) != 2 or not country.isalpha():
        raise AccountRefused("Write the country as two letters, like US.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise AccountRefused(f"No time zone is called {time_zone}.") from error
    clinic = Clinic.objects.create(
        name=name.strip(),
        country=country.upper(),
        time_zone=time_zone,
        created_at=at,
        **settings,
    )
    _record(clinic, "clinic_created", by=by, at=at, detail={"country": clinic.country})
    return clinic


@transaction.atomic
def add_staff(
    *,
    clinic: Clinic,
    email: str,
    name: str,
    role: Role,
    by: Actor,
    at: datetime,
    password: str | None = None,
) -> User:
    """Without a password nobody can sign in until the link of `password_path` is used."""
    email = email.strip().lower()
    try:
        validate_email(email)
        user = User(
            clinic=clinic, email=email, name=name.strip(), role=role, created_at=at
        )
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from error
    if not user.name:
        raise AccountRefused("Give the person a name.")
    if User.objects.filter(email=email).exists():
        raise AccountRefused("Somebody has that address already.")
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    _record(user, "staff_added", by=by, at=at, detail={"role": role.value})
    return user


def password_path(user: User) -> str:
    """The one-time address under which the person sets a password."""
    key = default_token_generator.make_token(user)
    return reverse(
        "account_reset_password_from_key", args=[user_pk_to_url_str(user), key]
    )


@transaction.atomic
def change_role(*, user: User, role: Role, by: Actor, at: datetime) -> None:
    before, user.role = user.role, role
    user.session_epoch += 1
    user.save(update_fields=["role", "session_epoch"])
    detail = {"from": str(before), "to": role.value}
    _record(user, "staff_role_changed", by=by, at=at, detail=detail)


@transaction.atomic
def deactivate(*, user: User, by: Actor, at: datetime) -> None:
    """The person has left: no sign-in, and no session anywhere from now on."""
    user.is_active = False
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    _record(user, "staff_left", by=by, at=at)


@transaction.atomic
def reactivate(*, user: User, by: Actor, at: datetime) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record(user, "staff_returned", by=by, at=at)


@transaction.atomic
def end_sessions(*, user: User, by: Actor, at: datetime) -> None:
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    _record(user, "staff_sessions_ended", by=by, at=at)


@transaction.atomic
def remove_second_factor(*, user: User, by: Actor, at: datetime) -> None:
    """For a lost telephone: the next sign-in sets a new factor up."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    _record(user, "staff_second_factor_removed", by=by, at=at)


class LastFactor(AccountRefused):
    """Without it the account would have none."""

    def __init__(self) -> None:
        super().__init__("Every account has a second factor. Add another one first.")


@transaction.atomic
def remove_own_factor(*, user: User, factor_id: int, at: datetime) -> str:
    """Take one factor away while another stays; returns which kind it was.

    A factor is taken away because it was lost: what was opened with it ends, on
    whatever device. The person's row is locked: of two removals at once, the second
    sees one factor.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    factors = list(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS))
    factor = next((f for f in factors if f.pk == factor_id), None)
    if factor is None:
        raise AccountRefused("This second factor was removed before.")
    if len(factors) == 1:
        raise LastFactor
    factor.delete()
    user.session_epoch = row.session_epoch + 1
    user.save(update_fields=["session_epoch"])
    detail = {"factor": factor.type}
    _record(user, "staff_factor_removed", by=Actor.staff(user), at=at, detail=detail)
    return str(factor.type)


def _record(
    what: Clinic | User,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    detail: dict[str, str] | None = None,
) -> None:
    clinic_id = what.pk if isinstance(what, Clinic) else what.clinic_id
    audit.record(
        clinic_id=str(clinic_id),
        kind=kind,
        by=by,
        at=at,
        object_type=what._meta.model_name or "",
        object_id=what.pk,
        detail=detail,
    )
