"""Finds a patient's record of a clinic, and says all that FHIR needs of it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from clinicians.actions.correcting import corrected_at
from clinicians.models import PatientMerge, StateChange
from core.models import Clinic, Patient
from records.fhir import values
from records.presenters.naming import Naming


def patient_record(
    clinic: Clinic, patient_id: UUID, naming: Naming
) -> values.PatientRecord | None:
    """One record of this clinic, merged or not; None for any other."""
    rows = Patient.objects.filter(clinic=clinic, id=patient_id)
    row = rows.prefetch_related("identifiers").first()
    if row is None:
        return None
    numbers = sorted(row.identifiers.all(), key=lambda one: (one.system, one.id))
    merged = Patient.objects.filter(merged_into=row).order_by("created_at", "id")
    return values.PatientRecord(
        id=row.id,
        active=row.status == Patient.Status.ACTIVE,
        family_name=row.family_name,
        given_name=row.given_name,
        birth_date=row.birth_date,
        deceased=row.status == Patient.Status.DECEASED,
        died_on=row.died_on,
        identifiers=tuple(
            values.Identifier(
                system=naming.identifier_system(clinic.id, one.system), value=one.value
            )
            for one in numbers
        ),
        replaces=tuple(merged.values_list("id", flat=True)),
        replaced_by=row.merged_into_id,
        changed_at=_changed_at(row),
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
    )


def _changed_at(row: Patient) -> datetime:
    """When what is said here last became so: its state, words, or what was merged."""
    family = [row.id, row.merged_into_id] if row.merged_into_id else [row.id]
    merges = PatientMerge.objects.filter(Q(kept__in=family) | Q(gone__in=family))
    moments = [row.created_at]
    for at, undone_at in merges.values_list("at", "undone_at"):
        moments += [at, undone_at or at]
    moments += StateChange.objects.filter(patient=row).values_list("at", flat=True)
    return max([*moments, *corrected_at(row)])
