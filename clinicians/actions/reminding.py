"""A patient who asks staff for no more reminders, or for them again."""

from datetime import datetime

from django.db import transaction

from clinicians.actions.records import check_record, locked
from core import audit
from core.models import Patient, User, same_person
from core.permissions import Permission


@transaction.atomic
def set_reminders(*, patient: Patient, wanted: bool, by: User, at: datetime) -> bool:
    """Keep what the patient asked for, on every record of this person; returns whether
    that changed anything. Every reminder asks for it before it goes out."""
    check_record(patient, by, Permission.INVITE)
    rows = locked(same_person(patient.id).values_list("id", flat=True))
    moved = [row for row in rows.values() if row.wants_reminders != wanted]
    for row in moved:
        row.wants_reminders = wanted
        row.save(update_fields=["wants_reminders"])
    if moved:
        audit.record(
            clinic_id=patient.clinic_id,
            kind="REMINDERS_WANTED" if wanted else "REMINDERS_STOPPED",
            by=audit.Actor.staff(by),
            at=at,
            object_type="patient",
            object_id=patient.id,
        )
    return bool(moved)
