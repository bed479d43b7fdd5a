"""Inviting a patient, and owing the mails that go with it."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from clinicians.actions.mailing import owe_mails
from clinicians.models import PatientMail
from core import audit
from core.crypto import CannotRead
from core.models import Patient, same_person
from screening.actions import Invited, invite, reinvite, revoke_invitation
from screening.models import Invitation, Screening


@transaction.atomic
def ask(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    by: audit.Actor,
    at: datetime,
    mailed: bool,
    code: str | None = None,
    until: datetime | None = None,
) -> Invited:
    """Invite a patient by a link that can be mailed or printed, and owe the mails.

    Raises InvitationRefused or NotAvailable.
    """
    made = invite(
        patient=patient,
        battery=battery,
        language=language,
        by=by,
        at=at,
        code=code,
        repeatable=True,
        until=until,
    )
    _end_old_links(patient, by=by, at=at)
    if mailed:
        owe_mails(invitation=made.invitation, by=by, at=at)
    return made


def _end_old_links(patient: Patient, *, by: audit.Actor, at: datetime) -> None:
    """A link may outlive what it asked for, and would then ask a second time."""
    over = Screening.Status.EXPIRED
    links = Invitation.objects.filter(
        screening__patient__in=same_person(patient.id).values("id"),
        screening__status=over,
        revoked_at=None,
    )
    live = links.filter(locked_at=None, expires_at__gt=at)
    for link in live.order_by("screening_id", "id"):
        revoke_invitation(invitation=link, by=by, at=at)


@transaction.atomic
def ask_again(
    *,
    screening: Screening,
    by: audit.Actor,
    at: datetime,
    mailed: bool,
    code: str | None = None,
) -> Invited:
    """Make a new link for what is open, and owe the mails; the earlier link stops."""
    made = reinvite(screening=screening, by=by, at=at, code=code, repeatable=True)
    if mailed:
        owe_mails(invitation=made.invitation, by=by, at=at)
    return made


@transaction.atomic
def ask_once(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    by: audit.Actor,
    at: datetime,
    mailed: bool,
    code: str | None = None,
) -> Invitation:
    """Like `ask`, but what is asked already and was not begun gets a new link instead.

    Two presses make one screening, be they at the same moment. While a mail is on its
    way, the link in it is the one. Raises InvitationRefused or NotAvailable.
    """
    # Whoever pressed second waits here, and finds what the first made.
    Patient.objects.select_for_update(no_key=True).get(id=patient.id)
    mailed = mailed and has_address(patient)
    for screening in _not_begun(patient, language):
        if screening.battery != list(battery):
            continue
        if mailed and not code and (leaving := _leaving(screening)):
            return leaving
        again = ask_again(screening=screening, by=by, at=at, mailed=mailed, code=code)
        return again.invitation
    made = ask(
        patient=patient,
        battery=battery,
        language=language,
        by=by,
        at=at,
        mailed=mailed,
        code=code,
    )
    return made.invitation


def _not_begun(patient: Patient, language: str) -> QuerySet[Screening]:
    """What this person was asked already and has not begun, the newest first."""
    return Screening.objects.filter(
        patient__in=same_person(patient.id).values("id"),
        # Whoever was told at the age gate that this is not for them has begun.
        minor_stopped_at=None,
        status=Screening.Status.INVITED,
        origin=Screening.Origin.INVITATION,
        language=language,
    ).order_by("-created_at")


def _leaving(screening: Screening) -> Invitation | None:
    """The link in the mail that is on its way, if one is."""
    mails = PatientMail.objects.filter(
        screening=screening,
        kind=PatientMail.Kind.INVITATION,
        next_at__isnull=False,
    )
    mail = mails.select_related("invitation").first()
    return mail.invitation if mail else None


def has_address(patient: Patient) -> bool:
    """Whether there is an e-mail address that can be read."""
    try:
        return bool(patient.email)
    except CannotRead:
        return False


def open_screenings(patients: Iterable[uuid.UUID]) -> dict[uuid.UUID, Screening]:
    """By patient: what they may answer now. Staff's own entries do not count.

    What was asked of a record that was merged into theirs counts as theirs.
    """
    ids = list(patients)
    rows = Screening.objects.filter(status__in=Screening.OPEN)
    rows = rows.filter(Q(patient__in=ids) | Q(patient__merged_into__in=ids))
    rows = rows.exclude(origin=Screening.Origin.STAFF).select_related("patient")
    return {
        row.patient.merged_into_id or row.patient_id: row
        for row in rows.order_by("created_at", "id")
    }
