"""Inviting a patient: a link whose token is kept nowhere, and taking it back."""

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


class InvitationRefused(ValueError):
    """The invitation cannot be made; the sentence says what to do."""


@dataclass(frozen=True)
class Invited:
    """A fresh invitation. `token` is shown once and kept nowhere."""

    screening: Screening
    invitation: Invitation
    token: str


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


@transaction.atomic
def invite(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    by: Actor,
    at: datetime,
    code: str | None = None,
) -> Invited:
    """Invite `patient`; the link's second check is the birth date, or `code`.

    Raises InvitationRefused or NotAvailable.
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
    return reinvite(screening=screening, by=by, at=at, code=code)


@transaction.atomic
def reinvite(
    *, screening: Screening, by: Actor, at: datetime, code: str | None = None
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
    token = crypto.new_token()
    invitation = Invitation.objects.create(
        screening=screening,
        token_hash=crypto.hash_token(token),
        code_hash=make_password(code) if code else "",
        created_at=at,
        created_by_id=by.id,
        expires_at=at + timedelta(days=screening.clinic.invitation_days),
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
