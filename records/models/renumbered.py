"""When the number that a patient's results go by was put right."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from clinicians.actions.correcting import CORRECTED, NUMBER
from core.models import AuditEvent, Clinic, PatientIdentifier


def renumbered(
    clinic: Clinic, patients: Iterable[UUID]
) -> Mapping[UUID, Sequence[datetime]]:
    """Every time that the record number of each was put right, by the audit log."""
    lines = AuditEvent.objects.filter(
        chain=f"clinic:{clinic.id}",
        kind=CORRECTED,
        object_type="patient",
        object_id__in=[str(one) for one in patients],
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for patient, at, detail in lines.values_list("object_id", "at", "detail"):
        if NUMBER in str(detail.get("fields", "")).split(", "):
            found[UUID(patient)].append(at)
    return found


def renumbered_since(clinic: Clinic, at: datetime) -> list[tuple[UUID, datetime]]:
    """Every record whose number was put right since then, and when that was last.

    By the numbers themselves: of a clinic's log of a day this is a handful of lines.
    """
    rows = PatientIdentifier.objects.filter(clinic=clinic, corrected_at__gte=at)
    found = rows.values_list("patient_id", "corrected_at")
    return [(patient, when) for patient, when in found if when is not None]
