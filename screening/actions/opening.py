"""Opens what an invitation leads to, behind the second check."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction

from core import crypto
from core.audit import Actor
from core.models import Patient
from screening.actions import chain
from screening.actions.expiring import expire, is_stale
from screening.actions.starting import start_again
from screening.models import Invitation, Screening


def find_invitation(token: str, *, at: datetime) -> Invitation | None:
    """Return the invitation that a link leads to, or None if it leads nowhere."""
    invitation = (
        Invitation.objects.select_related(
            "screening__clinic", "screening__patient__merged_into"
        )
        .filter(token_hash=crypto.hash_token(token))
        .first()
    )
    return invitation if invitation and is_live(invitation, at=at) else None


def get_invitation(invitation_id: uuid.UUID, *, at: datetime) -> Invitation | None:
    """Return a live invitation by its id, or None."""
    invitation = (
        Invitation.objects.select_related(
            "screening__clinic", "screening__patient__merged_into"
        )
        .filter(id=invitation_id)
        .first()
    )
    return invitation if invitation and is_live(invitation, at=at) else None


def is_live(invitation: Invitation, *, at: datetime) -> bool:
    """Return whether the link still works: not used up, revoked, locked or old."""
    screening = invitation.screening
    over = screening.retracted_at is not None or screening.status in (
        Screening.Status.COMPLETED,
        Screening.Status.WITHDRAWN,
    )
    usable = invitation.revoked_at is None and invitation.locked_at is None
    # What was asked before two records were merged may still be answered.
    active = screening.patient.stays.status == Patient.Status.ACTIVE
    return usable and active and not over and works_until(invitation) > at


def works_until(invitation: Invitation) -> datetime:
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
    patient = invitation.screening.patient
    # Of a record that was merged since, the one that stays is kept up to date.
    recorded = patient.stays.birth_date or patient.birth_date
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
        .select_related("screening__clinic", "screening__patient__merged_into")
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
    if is_stale(stale, at=at):
        # The loop that closes it may not have come by yet.
        expire(screening_id=stale.id, at=at)
    elif stale.status != Screening.Status.EXPIRED:
        return Screening.objects.select_for_update().get(id=stale.id)
    invitation.screening = start_again(stale, at=at)
    return invitation.screening


def _new_session(screening: Screening, *, at: datetime) -> Screening:
    screening.session_nonce = crypto.new_token()
    screening.session_opened_at, screening.earlier_shown_at = at, None
    chain.note(
        screening, "INVITATION_OPENED", by=Actor.patient(screening.patient_id), at=at
    )
    chain.save(screening, "session_nonce", "session_opened_at", "earlier_shown_at")
    return screening
