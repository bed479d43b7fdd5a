"""Correcting what a record says of a patient: name, birth date, number, contact."""

import json
from datetime import datetime

from django.db import IntegrityError, transaction

from clinicians.actions.patients import RECORD_NUMBER, Details, PatientRefused
from clinicians.actions.records import check_record, locked
from core import audit, crypto
from core.models import AuditEvent, Patient, PatientIdentifier, User
from core.permissions import Permission

# Named alike in a patient's row and in Details; what the audit log calls them.
FIELDS = {
    "family_name": "family name",
    "given_name": "given name",
    "birth_date": "birth date",
    "email": "e-mail",
    "phone": "phone",
    "language": "language",
}
CORRECTED = "PATIENT_CORRECTED"
# What the log calls it that says who a result is of in other systems.
NUMBER = "record number"
SEEN = "clinicians.correcting.seen"


class RecordChanged(PatientRefused):
    """Somebody else corrected the record since its page was opened."""


def details_of(patient: Patient) -> Details:
    """What the record says now. Raises CannotRead where a part cannot be opened."""
    number = _number(patient)
    return Details(
        record_number=number.value if number else "",
        **{name: str(getattr(patient, name)) for name in FIELDS},
    )


def seen(details: Details) -> str:
    """A mark of what somebody was shown, from which nothing of it can be read."""
    values = [details.record_number, *(getattr(details, name) for name in FIELDS)]
    return crypto.blind_index(json.dumps(values), purpose=SEEN)


@transaction.atomic
def correct(
    *, patient: Patient, details: Details, shown: str, by: User, at: datetime
) -> list[str]:
    """Write what differs, and say which fields that were; nothing else is touched.

    `shown`: the mark of what `by` was shown. Raises RecordChanged where the record says
    something else by now, PatientRefused where it was merged or the number is taken.
    The audit log has the names of the fields, never what stood in them.
    """
    check_record(patient, by, Permission.REGISTER_PATIENTS)
    row = locked([patient.id])[patient.id]
    if row.merged_into_id:
        raise PatientRefused("This record was merged into another: correct that one.")
    before = details_of(row)
    if seen(before) != shown:
        raise RecordChanged(
            "Somebody changed this record meanwhile. Look at what it says now below."
        )
    changed = [n for n in FIELDS if getattr(details, n) != getattr(before, n)]
    told = [FIELDS[name] for name in changed]
    for name in changed:
        setattr(row, name, getattr(details, name))
    if changed:
        row.save(update_fields=changed)
    if details.record_number.strip() != before.record_number:
        _renumber(row, details.record_number.strip(), at=at)
        told.append(NUMBER)
    if told:
        audit.record(
            clinic_id=row.clinic_id,
            kind=CORRECTED,
            by=audit.Actor.staff(by),
            at=at,
            object_type="patient",
            object_id=row.id,
            detail={"fields": ", ".join(told)},
        )
    return told


def corrected_at(patient: Patient) -> list[datetime]:
    """When this record was corrected, as the audit log has it."""
    lines = AuditEvent.objects.filter(
        kind=CORRECTED, object_type="patient", object_id=str(patient.id)
    )
    return list(lines.values_list("at", flat=True))


def _number(patient: Patient) -> PatientIdentifier | None:
    return patient.identifiers.filter(system=RECORD_NUMBER).first()


def _renumber(row: Patient, number: str, *, at: datetime) -> None:
    identifier = _number(row) or PatientIdentifier(
        clinic_id=row.clinic_id, patient=row, system=RECORD_NUMBER
    )
    identifier.value, identifier.corrected_at = number, at
    try:
        with transaction.atomic():
            identifier.save()
    except IntegrityError as error:
        raise PatientRefused(f"Record number {number} is in use already.") from error
