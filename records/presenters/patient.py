"""Patients' records of a clinic, with all that FHIR needs to say of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinicians.actions.correcting import CORRECTED
from clinicians.models import PatientMerge, StateChange
from core.models import AuditEvent, Clinic, Patient
from records.fhir import values
from records.presenters.naming import Naming


def patient_record(
    clinic: Clinic, patient_id: UUID, naming: Naming
) -> values.PatientRecord | None:
    """One record of this clinic, merged or not; None for any other."""
    rows = list(patient_rows(clinic).filter(id=patient_id))
    return next(iter(patient_records(clinic, rows, naming)), None)


def patient_rows(clinic: Clinic) -> QuerySet[Patient]:
    """Every record of this clinic, with its numbers."""
    return Patient.objects.filter(clinic=clinic).prefetch_related("identifiers")


def patient_records(
    clinic: Clinic, rows: Sequence[Patient], naming: Naming
) -> list[values.PatientRecord]:
    """Each record of a page; as many queries for all as for one."""
    ids = [row.id for row in rows]
    merged, changed = _merged(ids), _changed(rows)
    return [
        values.PatientRecord(
            id=row.id,
            active=row.status == Patient.Status.ACTIVE,
            family_name=row.family_name,
            given_name=row.given_name,
            birth_date=row.birth_date,
            deceased=row.status == Patient.Status.DECEASED,
            died_on=row.died_on,
            identifiers=_identifiers(row, clinic, naming),
            replaces=tuple(merged[row.id]),
            replaced_by=row.merged_into_id,
            changed_at=max([row.created_at, *changed[row.id]]),
            test_data=clinic.purpose != Clinic.Purpose.LIVE,
        )
        for row in rows
    ]


def _identifiers(
    row: Patient, clinic: Clinic, naming: Naming
) -> tuple[values.Identifier, ...]:
    numbers = sorted(row.identifiers.all(), key=lambda one: (one.system, one.id))
    return tuple(
        values.Identifier(
            system=naming.identifier_system(clinic.id, one.system), value=one.value
        )
        for one in numbers
    )


def _merged(ids: Iterable[UUID]) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Patient.objects.filter(merged_into__in=ids).order_by("created_at", "id")
    for gone, kept in rows.values_list("id", "merged_into_id"):
        if kept is not None:
            found[kept].append(gone)
    return found


def _changed(rows: Sequence[Patient]) -> Mapping[UUID, list[datetime]]:
    """When what is said of each became so: its state, words, or what was merged."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    family = {row.id: {row.id, row.merged_into_id or row.id} for row in rows}
    everybody = {one for ids in family.values() for one in ids}
    merges = PatientMerge.objects.filter(
        Q(kept__in=everybody) | Q(gone__in=everybody)
    ).values_list("kept_id", "gone_id", "at", "undone_at")
    for kept, gone, at, undone_at in merges:
        for one, ids in family.items():
            if {kept, gone} & ids:
                found[one] += [at, undone_at or at]
    states = StateChange.objects.filter(patient__in=family)
    for one, at in states.values_list("patient_id", "at"):
        found[one].append(at)
    corrected = AuditEvent.objects.filter(
        kind=CORRECTED,
        object_type="patient",
        object_id__in=[str(one) for one in family],
    )
    for line, at in corrected.values_list("object_id", "at"):
        found[UUID(line)].append(at)
    return found


def patient_changed_since(clinic: Clinic, at: datetime) -> Q:
    """Records of which something is said otherwise since then."""
    own = Q(patient=OuterRef("pk"), at__gte=at)
    # The log has no foreign keys, so its ids are read first.
    lines = AuditEvent.objects.filter(
        chain=f"clinic:{clinic.id}", kind=CORRECTED, object_type="patient", at__gte=at
    )
    recent = Q(at__gte=at) | Q(undone_at__gte=at)
    merges = PatientMerge.objects.filter(recent)
    return (
        Q(created_at__gte=at)
        | Q(Exists(StateChange.objects.filter(own)))
        | Q(Exists(merges.filter(kept=OuterRef("pk"))))
        | Q(Exists(merges.filter(gone=OuterRef("pk"))))
        | Q(Exists(merges.filter(kept=OuterRef("merged_into"))))
        | Q(Exists(merges.filter(gone=OuterRef("merged_into"))))
        | Q(id__in=list(lines.values_list("object_id", flat=True)))
    )
