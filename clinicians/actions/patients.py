"""Registering patients, one by one or from a file, with duplicates found first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

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
from core.names import words
from core.permissions import Permission, check_can

# The clinic's own numbering; other systems' numbers stand beside it.
RECORD_NUMBER = "record-number"


class PatientRefused(ValueError):
    """This patient cannot be registered; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of a patient, read and checked; the birth date is ISO text."""

    record_number: str
    birth_date: str
    family_name: str
    given_name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Who is there already: under the same number, or born on the same day."""

    same_number: Patient | None
    same_day: Sequence[Patient]

    def __bool__(self) -> bool:
        return self.same_number is not None or bool(self.same_day)


def patients_of(clinic: Clinic) -> QuerySet[Patient]:
    """The clinic's patients, without those merged into another record."""
    return Patient.objects.filter(clinic=clinic).exclude(status=Patient.Status.MERGED)


def find_by_number(clinic: Clinic, record_number: str) -> Patient | None:
    """The patient with this number, exactly; a merged record leads to its other."""
    row = (
        PatientIdentifier.objects.filter(
            clinic=clinic, value_index=identifier_index(record_number)
        )
        .select_related("patient__merged_into")
        .first()
    )
    return (row.patient.merged_into or row.patient) if row else None


def find_duplicates(clinic: Clinic, details: Details) -> Duplicates:
    """Look for the number, and for the birth date: names are sealed, so not searched."""
    same_number = find_by_number(clinic, details.record_number)
    same_day = patients_of(clinic).filter(
        birth_date_index=birth_date_index(details.birth_date)
    )
    if same_number is not None:
        same_day = same_day.exclude(id=same_number.id)
    return Duplicates(same_number, list(same_day.prefetch_related("identifiers")[:10]))


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
    born: dict[str, list[tuple[Name, Patient]]] = defaultdict(list)
    found = patients_of(clinic).filter(birth_date_index__in=days)
    for patient in found.prefetch_related("identifiers"):
        # Whose name cannot be read is shown by nobody's line.
        with suppress(CannotRead):
            name = read_name(patient.family_name, patient.given_name)
            born[patient.birth_date].append((name, patient))
    same_person: dict[str, Patient] = {}
    for row in rows:
        for name, patient in born.get(row.birth_date, ()):
            # Of somebody known the family name is enough to ask: it costs a tick.
            if same_name(row, name) or set(words(row.family_name)) == set(name.family):
                same_person.setdefault(row.record_number, patient)
    return Known(same_number, same_person)


def same_name(details: Details, name: Name) -> bool:
    """Whether somebody new and somebody born on the same day may be one person."""
    new = read_name(details.family_name, details.given_name)
    return bool(alike(new, name, least=records_policy().likeness))


def register(*, clinic: Clinic, details: Details, by: User, at: datetime) -> Patient:
    """Add one patient. Raises PatientRefused where the number is taken."""
    check_can(by, Permission.REGISTER_PATIENTS)
    try:
        return _register(clinic, details, by=by, at=at, kind="PATIENT_REGISTERED")
    except IntegrityError as error:
        raise PatientRefused(
            f"Record number {details.record_number} is in use already."
        ) from error


def register_many(
    *, clinic: Clinic, rows: Iterable[Details], by: User, at: datetime
) -> list[str]:
    """Add patients from a file; returns the numbers of those that were not.

    Each stands on its own: one whose number was taken meanwhile stops no other.
    """
    check_can(by, Permission.REGISTER_PATIENTS)
    taken = []
    for details in rows:
        try:
            _register(clinic, details, by=by, at=at, kind="PATIENT_IMPORTED")
        except IntegrityError:
            taken.append(details.record_number)
    return taken


@transaction.atomic
def _register(
    clinic: Clinic, details: Details, *, by: User, at: datetime, kind: str
) -> Patient:
    patient = Patient.objects.create(
        clinic=clinic,
        family_name=details.family_name,
        given_name=details.given_name,
        birth_date=details.birth_date,
        email=details.email,
        phone=details.phone,
        language=details.language,
        created_at=at,
        created_by_id=str(by.id),
    )
    PatientIdentifier.objects.create(
        clinic=clinic,
        patient=patient,
        system=RECORD_NUMBER,
        value=details.record_number.strip(),
    )
    audit.record(
        clinic_id=clinic.id,
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type="patient",
        object_id=patient.id,
    )
    return patient
