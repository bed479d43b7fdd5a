"""Inviting a patient: a link whose token is kept nowhere, and taking it back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

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


def _check_active(patient: Patient) -> None:
    if patient.status != Patient.Status.ACTIVE:
        raise InvitationRefused("This patient's record is not active.")


def _check_may_invite(patient: Patient, battery: Sequence[str]) -> None:
    # Locked: whoever sets a record inactive revokes every link there is, and a link
    # that came into being meanwhile would be missed.
    locked = Patient.objects.select_for_update(no_key=True)
    _check_active(locked.get(id=patient.id))
    if not battery:
        raise InvitationRefused("Choose at least one questionnaire.")
    if "asq" in battery:
        raise InvitationRefused("The ASQ is asked by staff, never by link.")


class Terms(TypedDict, total=False):
    """How a link works, where not as usual.

    `code`: asked for instead of the birth date. `repeatable`: `token_of` makes the
    same link again, for a mail or a sheet. `until`: when it stops working, instead of
    after the clinic's own number of days. `device`: it is opened on a device of the
    clinic, and nowhere else.
    """

    code: str | None
    repeatable: bool
    until: datetime | None
    device: Device | None


@transaction.atomic
def invite(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    by: Actor,
    at: datetime,
    **terms: Unpack[Terms],
) -> Invited:
    """Invite `patient` by a link. Raises InvitationRefused or NotAvailable."""
    _check_may_invite(patient, battery)
    screening = start_screening(
        patient=patient,
        battery=battery,
        language=language,
        origin=Screening.Origin.INVITATION,
        by=by,
        at=at,
    )
    return reinvite(screening=screening, by=by, at=at, **terms)


@transaction.atomic
def reinvite(
    *, screening: Screening, by: Actor, at: datetime, **terms: Unpack[Terms]
) -> Invited:
    """Make a new link for an open screening; the earlier ones stop working."""
    screening = Screening.objects.select_for_update().get(id=screening.id)
    if not screening.is_open:
        raise InvitationRefused("This screening is over. Invite the patient anew.")
    if screening.origin == Screening.Origin.STAFF:
        raise InvitationRefused("Staff are entering these answers. Invite anew.")
    # What was asked before a merge may still be answered.
    _check_active(screening.patient.stays)
    screening.invitations.filter(revoked_at__isnull=True).update(
        revoked_at=at, revoked_by_id=by.id
    )
    invitation, token = _link(screening, by=by, at=at, **terms)
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


def _link(
    screening: Screening, *, by: Actor, at: datetime, **terms: Unpack[Terms]
) -> tuple[Invitation, str]:
    own_id = uuid.uuid4()
    token = _repeatable(own_id) if terms.get("repeatable") else crypto.new_token()
    code, device = terms.get("code"), terms.get("device")
    usual = at + timedelta(days=screening.clinic.invitation_days)
    invitation = Invitation.objects.create(
        id=own_id,
        screening=screening,
        token_hash=crypto.hash_token(token),
        code_hash=make_password(code) if code else "",
        created_at=at,
        created_by_id=by.id,
        expires_at=terms.get("until") or usual,
        device_idle_seconds=device.idle_seconds if device else None,
        device_warning_seconds=device.warning_seconds if device else None,
    )
    return invitation, token


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
