"""Inviting a patient: a link whose token is kept nowhere, and taking it back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from core import crypto
from core.audit import Actor
from core.models import Patient
from screening.actions import chain
from screening.actions.starting import start_screening
from screening.models import Invitation, Screening

LINK = "screening.invitation.link"


class InvitationRefused(ValueError):
    """The invitation cannot be made; the sentence says what to do."""


@dataclass(frozen=True)
class Invited:
    """A fresh invitation. `token` is kept nowhere."""

    screening: Screening
    invitation: Invitation
    token: str


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the clinic: how long it rests before the session on it ends."""

    idle_seconds: int
    warning_seconds: int


def _check_may_invite(patient: Patient, battery: Sequence[str]) -> None:
    if patient.status != Patient.Status.ACTIVE:
        raise InvitationRefused("This patient's record is not active.")
    if not battery:
        raise InvitationRefused("Choose at least one questionnaire.")
    if "asq" in battery:
        raise InvitationRefused("The ASQ is asked by staff, never by link.")


@transaction.atomic
def invite(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    by: Actor,
    at: datetime,
    code: str | None = None,
    repeatable: bool = False,
    until: datetime | None = None,
    device: Device | None = None,
) -> Invited:
    """Invite `patient`; the link's second check is the birth date, or `code`.

    Raises InvitationRefused or NotAvailable. What the rest is: see `reinvite`.
    """
    _check_may_invite(patient, battery)
    screening = start_screening(
        patient=patient,
        battery=battery,
        language=language,
        origin=Screening.Origin.INVITATION,
        by=by,
        at=at,
    )
    return reinvite(
        screening=screening,
        by=by,
        at=at,
        code=code,
        repeatable=repeatable,
        until=until,
        device=device,
    )


@transaction.atomic
def reinvite(
    *,
    screening: Screening,
    by: Actor,
    at: datetime,
    code: str | None = None,
    repeatable: bool = False,
    until: datetime | None = None,
    device: Device | None = None,
) -> Invited:
    """Make a new link for an open screening; the earlier ones stop working.

    `repeatable`: `token_of` makes the same link again, for a mail or a sheet.
    `until`: when it stops working, instead of after the clinic's own number of days.
    `device`: it is opened on a device of the clinic, and nowhere else.
    """
    screening = Screening.objects.select_for_update().get(id=screening.id)
    if not screening.is_open:
        raise InvitationRefused("This screening is over. Invite the patient anew.")
    if screening.origin == Screening.Origin.STAFF:
        raise InvitationRefused("Staff are entering these answers. Invite anew.")
    screening.invitations.filter(revoked_at__isnull=True).update(
        revoked_at=at, revoked_by_id=by.id
    )
    own_id = uuid.uuid4()
    token = _repeatable(own_id) if repeatable else crypto.new_token()
    invitation = Invitation.objects.create(
        id=own_id,
        screening=screening,
        token_hash=crypto.hash_token(token),
        code_hash=make_password(code) if code else "",
        created_at=at,
        created_by_id=by.id,
        expires_at=until or at + timedelta(days=screening.clinic.invitation_days),
        device_idle_seconds=device.idle_seconds if device else None,
        device_warning_seconds=device.warning_seconds if device else None,
    )
    chain.note(
        screening,
        "INVITED",
        by=by,
        at=at,
        object_type="invitation",
        object_id=invitation.id,
    )
    chain.save(screening)
    return Invited(screening=screening, invitation=invitation, token=token)


def _repeatable(invitation_id: uuid.UUID) -> str:
    """256 bits that nobody has without the installation's key; no row holds them."""
    return crypto.blind_index(str(invitation_id), purpose=LINK)


def token_of(invitation: Invitation) -> str | None:
    """Make a repeatable link's token again; None for any other link.

    So a mail that is tried twice, its reminder and a sheet printed twice all hold
    one link, and no try makes the link of an earlier one stop working.
    """
    token = _repeatable(invitation.id)
    return token if crypto.hash_token(token) == invitation.token_hash else None


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Actor, at: datetime) -> None:
    """Stop a link from working, and end the session that it opened."""
    screening = Screening.objects.select_for_update().get(id=invitation.screening_id)
    Invitation.objects.filter(id=invitation.id, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by_id=by.id
    )
    screening.session_nonce = ""
    chain.note(
        screening,
        "INVITATION_REVOKED",
        by=by,
        at=at,
        object_type="invitation",
        object_id=invitation.id,
    )
    chain.save(screening, "session_nonce")
