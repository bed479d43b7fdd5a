"""Inviting a patient, and opening what the invitation leads to."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from core import crypto
from core.audit import Actor
from core.models import Patient
from screening.actions import chain
from screening.actions.definitions import NotAvailable, find, snapshot
from screening.models import Administration, Definition, Invitation, Screening


class InvitationRefused(ValueError):
    """The invitation cannot be made; the sentence says what to do."""


@dataclass(frozen=True)
class Invited:
    """A fresh invitation. `token` is shown once and kept nowhere."""

    screening: Screening
    invitation: Invitation
    token: str


def start_screening(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    origin: str,
    by: Actor,
    at: datetime,
) -> Screening:
    """Create a screening with one administration an instrument of `battery`."""
    instruments = [find(instrument_id, language) for instrument_id in battery]
    return _create(
        patient=patient,
        definitions=[snapshot(instrument, at=at) for instrument in instruments],
        battery=battery,
        language=language,
        origin=origin,
        by=by,
        at=at,
    )


def _create(
    *,
    patient: Patient,
    definitions: Sequence[Definition],
    battery: Sequence[str],
    language: str,
    origin: str,
    by: Actor,
    at: datetime,
) -> Screening:
    screening = Screening(
        clinic=patient.clinic,
        patient=patient,
        battery=list(battery),
        language=language,
        origin=origin,
        created_at=at,
        created_by_id=by.id,
    )
    chain.note(screening, "SCREENING_CREATED", by=by, at=at)
    screening.save(force_insert=True)
    Administration.objects.bulk_create(
        Administration(screening=screening, definition=definition, position=i)
        for i, definition in enumerate(definitions)
    )
    return screening


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


def find_invitation(token: str, *, at: datetime) -> Invitation | None:
    """Return the invitation that a link leads to, or None if it leads nowhere."""
    invitation = (
        Invitation.objects.select_related("screening__clinic", "screening__patient")
        .filter(token_hash=crypto.hash_token(token))
        .first()
    )
    return invitation if invitation and is_live(invitation, at=at) else None


def get_invitation(invitation_id: uuid.UUID, *, at: datetime) -> Invitation | None:
    """Return a live invitation by its id, or None."""
    invitation = (
        Invitation.objects.select_related("screening__clinic", "screening__patient")
        .filter(id=invitation_id)
        .first()
    )
    return invitation if invitation and is_live(invitation, at=at) else None


def is_live(invitation: Invitation, *, at: datetime) -> bool:
    """Return whether the link still works: not used up, revoked, locked or old."""
    screening = invitation.screening
    over = screening.status in (
        Screening.Status.COMPLETED,
        Screening.Status.WITHDRAWN,
    )
    usable = invitation.revoked_at is None and invitation.locked_at is None
    active = screening.patient.status == Patient.Status.ACTIVE
    return usable and active and not over and _until(invitation) > at


def _until(invitation: Invitation) -> datetime:
    """Return until when a link works: one that was used outlives its own week, for
    as long as the patient was told that the answers may be finished."""
    screening = invitation.screening
    if screening.started_at is None or not screening.is_open:
        return invitation.expires_at
    window = timedelta(hours=screening.clinic.answer_window_hours)
    return max(invitation.expires_at, screening.started_at + window)


def _matches(invitation: Invitation, given: str) -> bool:
    if invitation.code_hash:
        return check_password(given.strip(), invitation.code_hash)
    recorded = invitation.screening.patient.birth_date
    return bool(recorded) and secrets.compare_digest(given, recorded)


@transaction.atomic
def open_invitation(
    *, invitation_id: uuid.UUID, given: str, at: datetime
) -> Screening | None:
    """Take the second check. Returns the screening, or None if it failed.

    `given` is an ISO birth date or the code. Five failures lock the link. A
    success ends the session of any earlier opening.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("screening__clinic", "screening__patient")
        .filter(id=invitation_id)
        .first()
    )
    if invitation is None or not is_live(invitation, at=at):
        return None
    if not _matches(invitation, given):
        _count_failure(invitation, at=at)
        return None
    invitation.tries, invitation.opened_at = 0, at
    screening = _begin_again_if_stale(invitation, at=at)
    invitation.save(update_fields=["tries", "opened_at", "screening"])
    return _new_session(screening, at=at)


def _count_failure(invitation: Invitation, *, at: datetime) -> None:
    invitation.tries += 1
    if invitation.tries >= Invitation.MAX_TRIES:
        invitation.locked_at = at
    invitation.save(update_fields=["tries", "locked_at"])
    screening = Screening.objects.select_for_update().get(id=invitation.screening_id)
    kind = "INVITATION_LOCKED" if invitation.locked_at else "SECOND_CHECK_FAILED"
    chain.note(
        screening,
        kind,
        by=Actor.system("second-check"),
        at=at,
        object_type="invitation",
        object_id=invitation.id,
    )
    chain.save(screening)


def _begin_again_if_stale(invitation: Invitation, *, at: datetime) -> Screening:
    """Give a new screening where the recall window of the old one has passed."""
    stale = invitation.screening
    if stale.status != Screening.Status.EXPIRED:
        return Screening.objects.select_for_update().get(id=stale.id)
    fresh = _create(
        patient=stale.patient,
        definitions=[_newest(a.definition, at=at) for a in _asked(stale)],
        battery=stale.battery,
        language=stale.language,
        origin=Screening.Origin.INVITATION,
        by=Actor.patient(stale.patient_id),
        at=at,
    )
    invitation.screening = fresh
    return fresh


def _asked(screening: Screening) -> list[Administration]:
    return list(screening.administrations.select_related("definition"))


def _newest(definition: Definition, *, at: datetime) -> Definition:
    """Return today's definition, or the one in use where its file is gone."""
    try:
        return snapshot(find(definition.instrument_id, definition.language), at=at)
    except NotAvailable:
        return definition


def _new_session(screening: Screening, *, at: datetime) -> Screening:
    screening.session_nonce = crypto.new_token()
    chain.note(
        screening, "INVITATION_OPENED", by=Actor.patient(screening.patient_id), at=at
    )
    chain.save(screening, "session_nonce")
    return screening
