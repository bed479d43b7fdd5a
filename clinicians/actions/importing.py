"""Registering patients from a file: who is there already, then some at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from clinicians.actions.patients import (
    RECORD_NUMBER,
    Details,
    new_patient,
    patients_of,
    register_one,
)
from clinicians.definitions import records_policy
from clinicians.workflow.likeness import Name, alike, read_name
from core import audit
from core.crypto import CannotRead
from core.models import (
    Clinic,
    Patient,
    PatientIdentifier,
    User,
    birth_date_index,
    identifier_index,
)
from core.permissions import Permission, check_can

IMPORTED = "PATIENT_IMPORTED"
AT_ONCE = 200
# So many on one birth date: a date that stands for "not known". Only equal family
# names are asked about then: every line beside every other would take minutes.
CROWD = 30


@dataclass(frozen=True, slots=True)
class Known:
    """By record number of a new line: whose number it is, or whom it may be."""

    same_number: Mapping[str, Patient]
    same_person: Mapping[str, Patient]


def likely_duplicates(clinic: Clinic, rows: Sequence[Details]) -> Known:
    """Look for many at once: by number, and by birth date with a name that is alike."""
    numbers = {identifier_index(row.record_number): row.record_number for row in rows}
    taken = PatientIdentifier.objects.filter(clinic=clinic, value_index__in=numbers)
    same_number = {
        numbers[found.value_index]: found.patient.stays
        for found in taken.select_related("patient__merged_into")
    }
    days = {birth_date_index(row.birth_date) for row in rows}
    born: dict[str, _Born] = defaultdict(_Born)
    found = patients_of(clinic).filter(birth_date_index__in=days)
    for patient in found.prefetch_related("identifiers"):
        # Whose name cannot be read is shown by nobody's line.
        with suppress(CannotRead):
            born[patient.birth_date].add(patient)
    same_person: dict[str, Patient] = {}
    for row in rows:
        day = born.get(row.birth_date)
        if day and (known := day.find(row)):
            same_person[row.record_number] = known
    return Known(same_number, same_person)


class _Born:
    """Who was born on one day, as a new line is compared with them."""

    def __init__(self) -> None:
        self.people: list[tuple[Name, Patient]] = []
        self.families: dict[frozenset[str], Patient] = {}

    def add(self, patient: Patient) -> None:
        name = read_name(patient.family_name, patient.given_name)
        self.people.append((name, patient))
        self.families.setdefault(frozenset(name.family), patient)

    def find(self, row: Details) -> Patient | None:
        """Whom the line may be; of somebody known the family name is enough to ask."""
        new = read_name(row.family_name, row.given_name)
        if known := self.families.get(frozenset(new.family)):
            return known
        if len(self.people) > CROWD:
            return None
        least = records_policy().likeness
        alike_ones = (p for name, p in self.people if alike(new, name, least=least))
        return next(alike_ones, None)


def same_name(details: Details, name: Name) -> bool:
    """Whether somebody new and somebody born on the same day may be one person."""
    new = read_name(details.family_name, details.given_name)
    return bool(alike(new, name, least=records_policy().likeness))


def register_many(
    *, clinic: Clinic, rows: Iterable[Details], by: User, at: datetime
) -> list[str]:
    """Add patients from a file; returns the numbers of those that were not.

    Some at a time, since a file has thousands; where a number was taken meanwhile,
    each of those stands on its own, and stops no other.
    """
    check_can(by, Permission.REGISTER_PATIENTS)
    taken, waiting = [], list(rows)
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        try:
            _register_together(clinic, some, by=by, at=at)
        except IntegrityError:
            taken += _register_each(clinic, some, by=by, at=at)
    return taken


def _register_each(
    clinic: Clinic, rows: Iterable[Details], *, by: User, at: datetime
) -> list[str]:
    taken = []
    for details in rows:
        try:
            register_one(clinic, details, by=by, at=at, kind=IMPORTED)
        except IntegrityError:
            taken.append(details.record_number)
    return taken


@transaction.atomic
def _register_together(
    clinic: Clinic, rows: Sequence[Details], *, by: User, at: datetime
) -> None:
    patients = [new_patient(clinic, details, by=by, at=at) for details in rows]
    numbers = [
        PatientIdentifier(
            clinic=clinic,
            patient=patient,
            system=RECORD_NUMBER,
            value=details.record_number.strip(),
        )
        for patient, details in zip(patients, rows, strict=True)
    ]
    for number in numbers:
        number.set_indexes()
    Patient.insert_many(patients)
    PatientIdentifier.objects.bulk_create(numbers)
    audit.record_all(
        clinic_id=clinic.id,
        kind=IMPORTED,
        by=audit.Actor.staff(by),
        at=at,
        object_type="patient",
        object_ids=[patient.id for patient in patients],
    )
