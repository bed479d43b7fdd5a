"""A patient's own word on reminders, given by a link alone: yes or no."""

from datetime import datetime

from django.db import transaction

from core import crypto
from core.audit import Actor
from core.models import Patient
from screening.actions import chain
from screening.models import Invitation, Screening


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that this token is of, also where the link is over by now:
    whoever keeps an old mail may still say no. None if there never was one."""
    rows = Invitation.objects.select_related(
        "screening__clinic", "screening__patient__merged_into"
    )
    return rows.filter(token_hash=crypto.hash_token(token)).first()


@transaction.atomic
def choose_reminders(*, invitation: Invitation, wanted: bool, at: datetime) -> bool:
    """Keep whether this patient is reminded; returns whether that changed anything.

    It is a fact of the person: whoever sends reminders asks for it at every one. No
    second check is asked, since all that it can do is spare somebody a mail.
    """
    patient = invitation.screening.patient
    ids = {patient.id, patient.stays.id}
    # Patients first, by id, and then the screening: as whoever ends a record does.
    rows = Patient.objects.select_for_update(no_key=True).filter(id__in=ids)
    locked = list(rows.order_by("id"))
    if all(row.wants_reminders == wanted for row in locked):
        return False
    Patient.objects.filter(id__in=ids).update(wants_reminders=wanted)
    screening = Screening.objects.select_for_update().get(id=invitation.screening_id)
    chain.note(
        screening,
        "REMINDERS_WANTED" if wanted else "REMINDERS_STOPPED",
        by=Actor.patient(patient.id),
        at=at,
        object_type="invitation",
        object_id=invitation.id,
    )
    chain.save(screening)
    return True
