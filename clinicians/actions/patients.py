"""Registering a patient, with duplicates found first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from core import audit
from core.models import (
    Clinic,
    Patient,
    PatientIdentifier,
    User,
    birth_date_index,
    identifier_index,
)
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
    return (row.patient.stays) if row else None


def find_duplicates(clinic: Clinic, details: Details) -> Duplicates:
    """Look for the number, and for the birth date."""
    same_number = find_by_number(clinic, details.record_number)
    same_day = patients_of(clinic).filter(
        birth_date_index=birth_date_index(details.birth_date)
    )
    if same_number is not None:
        same_day = same_day.exclude(id=same_number.id)
    return Duplicates(same_number, list(same_day.prefetch_related("identifiers")[:10]))


def register(*, clinic: Clinic, details: Details, by: User, at: datetime) -> Patient:
    """Add one patient. Raises PatientRefused where the number is taken."""
    check_can(by, Permission.REGISTER_PATIENTS)
    try:
        return register_one(clinic, details, by=by, at=at, kind="PATIENT_REGISTERED")
    except IntegrityError as error:
        raise PatientRefused(
            f"Record number {details.record_number} is in use already."
        ) from error


def new_patient(clinic: Clinic, details: Details, *, by: User, at: datetime) -> Patient:
    """Make the row, not yet saved."""
    return Patient(
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


@transaction.atomic
def register_one(
    clinic: Clinic, details: Details, *, by: User, at: datetime, kind: str
) -> Patient:
    """Write one patient with number and audit row; an IntegrityError is the caller's."""
    patient = new_patient(clinic, details, by=by, at=at)
    patient.save(force_insert=True)
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
