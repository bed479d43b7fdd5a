"""When the number that a patient's results go by was put right, as the audit log has it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from clinicians.actions.correcting import CORRECTED, NUMBER
from core.models import AuditEvent, Clinic


def renumbered(
    clinic: Clinic, patients: Iterable[UUID]
) -> Mapping[UUID, Sequence[datetime]]:
    """When the record number of each was put right."""
    ids = [str(one) for one in patients]
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for patient, at in _corrections(clinic, object_id__in=ids):
        found[patient].append(at)
    return found


def renumbered_since(clinic: Clinic, at: datetime) -> list[tuple[UUID, datetime]]:
    """Every record whose number was put right since then, and when."""
    return list(_corrections(clinic, at__gte=at))


def _corrections(clinic: Clinic, **which: object) -> Iterator[tuple[UUID, datetime]]:
    lines = AuditEvent.objects.filter(
        chain=f"clinic:{clinic.id}", kind=CORRECTED, object_type="patient", **which
    )
    for patient, at, detail in lines.values_list("object_id", "at", "detail"):
        if NUMBER in str(detail.get("fields", "")).split(", "):
            yield UUID(patient), at
