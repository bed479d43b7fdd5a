"""Lists of patients, and one patient with the screenings that were asked of them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from clinicians.presenters.people import PatientHeader, header, readable
from clinicians.presenters.states import status_of
from clinicians.presenters.times import moment
from core.models import Clinic, Patient
from screening.models import Episode, Invitation, Screening


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A line of the list."""

    header: PatientHeader
    registered: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A screening as the patient's page lists it, with its newest link."""

    id: uuid.UUID
    title: str
    status: str
    created: str
    link_state: str
    invitation_id: uuid.UUID | None
    revocable: bool
    invitable: bool
    answered: bool
    entry: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of this patient, open or closed."""

    id: uuid.UUID
    tier: str
    status: str
    opened: str


@dataclass(frozen=True, slots=True)
class PatientView:
    """One patient."""

    header: PatientHeader
    email: str
    phone: str
    active: bool
    sittings: Sequence[Sitting]
    cases: Sequence[CaseLine]


def rows(patients: Iterable[Patient], clinic: Clinic) -> list[PatientRow]:
    """Present a page of patients; their identifiers are prefetched."""
    return [
        PatientRow(header(patient), moment(patient.created_at, clinic.zone))
        for patient in patients
    ]


def patient_view(patient: Patient, clinic: Clinic, *, at: datetime) -> PatientView:
    """Read one patient with screenings and cases."""
    found = Screening.objects.filter(patient=patient).order_by("-created_at")
    cases = Episode.objects.filter(patient=patient).order_by("-opened_at")
    return PatientView(
        header=header(patient),
        email=readable(patient, "email"),
        phone=readable(patient, "phone"),
        active=patient.status == Patient.Status.ACTIVE,
        sittings=[
            _sitting(row, clinic, at=at)
            for row in found.prefetch_related("invitations")
        ],
        cases=[
            CaseLine(c.id, c.tier, c.status, moment(c.opened_at, clinic.zone))
            for c in cases
        ],
    )


def _sitting(row: Screening, clinic: Clinic, *, at: datetime) -> Sitting:
    newest = max(row.invitations.all(), key=lambda i: i.created_at, default=None)
    entry = row.origin == Screening.Origin.STAFF
    state = ""
    if row.is_open and not entry:
        state = link_state(newest, at=at, clinic=clinic)
    return Sitting(
        id=row.id,
        title=" and ".join(i.upper() for i in row.battery),
        status=status_of(row),
        created=moment(row.created_at, clinic.zone),
        link_state=state,
        invitation_id=newest.id if newest else None,
        revocable=row.is_open and newest is not None and newest.revoked_at is None,
        invitable=row.is_open and not entry,
        answered=row.started_at is not None,
        entry=row.is_open and entry,
    )


def link_state(newest: Invitation | None, *, at: datetime, clinic: Clinic) -> str:
    """Whether the link still works, and if not, why."""
    if newest is None:
        return "No link"
    if newest.revoked_at:
        return "Link revoked"
    if newest.locked_at:
        return "Link locked after five failed checks"
    if newest.expires_at <= at:
        return "Link expired"
    opened = "opened, " if newest.opened_at else ""
    return f"Link {opened}works until {moment(newest.expires_at, clinic.zone)}"
