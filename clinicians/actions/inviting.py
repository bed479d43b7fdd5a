"""Inviting a patient, and owing the mails that go with it."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from clinicians.actions.mailing import owe_mails
from core import audit
from core.crypto import CannotRead
from core.models import Patient
from screening.actions import Invited, invite, reinvite
from screening.models import Screening

OPEN = ("INVITED", "CONSENTED", "IN_PROGRESS")


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
    if mailed:
        owe_mails(invitation=made.invitation, by=by, at=at)
    return made


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
    rows = Screening.objects.filter(status__in=OPEN)
    rows = rows.filter(Q(patient__in=ids) | Q(patient__merged_into__in=ids))
    rows = rows.exclude(origin=Screening.Origin.STAFF).select_related("patient")
    return {
        row.patient.merged_into_id or row.patient_id: row
        for row in rows.order_by("created_at", "id")
    }
