"""Which record a patient was known by, and when: records are merged, parted, renumbered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from clinicians.models import PatientMerge
from core.models import Clinic, Patient, PatientIdentifier
from records.fhir import values
from records.models.renumbered import renumbered, renumbered_since
from records.presenters.naming import Naming


@dataclass(frozen=True, slots=True)
class Merge:
    """One record went into another, until they were parted again."""

    kept: UUID
    at: datetime
    undone_at: datetime | None

    def stands(self, at: datetime) -> bool:
        """Whether it held at that moment."""
        return self.at <= at and (self.undone_at is None or at < self.undone_at)


@dataclass(frozen=True, slots=True)
class People:
    """The merges and record numbers of a page full of patients.

    `renumbered`: when the number of a record was put right. What stood there before is
    not kept: every version names the number of today.
    """

    merges: Mapping[UUID, tuple[Merge, ...]]
    numbers: Mapping[UUID, values.Identifier]
    # What a record says of itself: it holds also for what was merged without a row.
    into: Mapping[UUID, UUID]
    renumbered: Mapping[UUID, Sequence[datetime]] = field(default_factory=dict)

    def known_as(self, patient: UUID, at: datetime | None = None) -> UUID:
        """The record that stood for this person then, or stands for them now."""
        if at is None:
            return self.into.get(patient, patient)
        for merge in self.merges.get(patient, ()):
            if merge.stands(at) and merge.kept != patient:
                return self.known_as(merge.kept, at)
        return patient

    def moved(self, patient: UUID, after: datetime) -> list[datetime]:
        """When what this record is known by changed, since something came to be."""
        along = self._along(patient, set())
        moments = {one for merge in along for one in (merge.at, merge.undone_at) if one}
        records = {patient, *(merge.kept for merge in along)}
        # A number that was put right before the two were one is of no concern here.
        moments |= {
            at
            for record in records
            for at in self.renumbered.get(record, ())
            if self.known_as(patient, at) == record
        }
        return sorted(one for one in moments if one > after)

    def _along(self, patient: UUID, seen: set[UUID]) -> list[Merge]:
        if patient in seen:
            return []
        seen.add(patient)
        own = list(self.merges.get(patient, ()))
        return own + [far for one in own for far in self._along(one.kept, seen)]

    def subject(self, patient: UUID, at: datetime | None = None) -> values.Subject:
        """The patient as FHIR refers to one."""
        known = self.known_as(patient, at)
        return values.Subject(id=known, identifier=self.numbers.get(known))


def people(clinic: Clinic, patients: Iterable[UUID], naming: Naming) -> People:
    """What is needed to refer to these patients, in as many queries for all as for one."""
    wanted = set(patients)
    merges = _merges(clinic, wanted)
    gone = Patient.objects.filter(
        clinic=clinic, id__in=wanted, merged_into__isnull=False
    )
    into = dict(gone.order_by().values_list("id", "merged_into_id"))
    everybody = wanted | {one.kept for rows in merges.values() for one in rows}
    everybody |= set(into.values())
    return People(
        merges,
        _numbers(clinic, everybody, naming),
        into,
        renumbered(clinic, everybody),
    )


def _merges(clinic: Clinic, patients: set[UUID]) -> dict[UUID, tuple[Merge, ...]]:
    """Step by step along what was merged into what was merged: nearly always one."""
    found: dict[UUID, tuple[Merge, ...]] = {}
    asked, next_ones = set[UUID](), patients
    while next_ones:
        rows = PatientMerge.objects.filter(clinic=clinic, gone__in=next_ones)
        asked |= next_ones
        for gone, kept, at, undone in rows.values_list(
            "gone_id", "kept_id", "at", "undone_at"
        ):
            found[gone] = (*found.get(gone, ()), Merge(kept, at, undone))
        next_ones = {one.kept for rows in found.values() for one in rows} - asked
    return found


def _numbers(
    clinic: Clinic, patients: set[UUID], naming: Naming
) -> dict[UUID, values.Identifier]:
    """The first number of each, in the order of their systems."""
    rows = PatientIdentifier.objects.filter(clinic=clinic, patient__in=patients)
    found: dict[UUID, values.Identifier] = {}
    for row in rows.order_by("system", "id"):
        system = naming.identifier_system(clinic.id, row.system)
        number = values.Identifier(system=system, value=row.value)
        found.setdefault(row.patient_id, number)
    return found


def moved_since(clinic: Clinic, at: datetime, *, path: str) -> Q:
    """Rows whose patient's record was merged, parted or renumbered since then."""
    rows = PatientMerge.objects.filter(clinic=clinic).order_by()
    own = rows.filter(Q(at__gte=at) | Q(undone_at__gte=at)).values("gone")
    # One that was merged before moves along with what it was merged into.
    along = rows.filter(kept__in=own).values("gone")
    sets: list[QuerySet[Any, Any]] = [along]
    if ids := {patient for patient, _ in renumbered_since(clinic, at)}:
        sets.append(rows.filter(kept__in=ids).values("gone"))
        sets.append(Patient.objects.filter(id__in=ids).order_by().values("id"))
    # One set of a few patients, from which an index leads on: "or" would read all.
    return Q(**{f"{path}__in": own.union(*sets)})
