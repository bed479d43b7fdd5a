"""One patient with the screenings and cases of all records that are this person's."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinicians.presenters.people import PatientHeader, header, readable
from clinicians.presenters.states import status_of
from clinicians.presenters.times import moment
from core.models import Clinic, Patient, same_person
from screening.models import Episode, Invitation, Screening


@dataclass(frozen=True, slots=True)
class Sitting:
    """A screening as the patient's page lists it, with its newest link."""

    id: uuid.UUID
    # Of the record that it belongs to, which may have been merged into this one.
    patient_id: uuid.UUID
    recorded_as: str
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
    recorded_as: str


@dataclass(frozen=True, slots=True)
class PatientView:
    """One patient."""

    header: PatientHeader
    email: str
    phone: str
    active: bool
    enterable: bool
    open_cases: int
    sittings: Sequence[Sitting]
    cases: Sequence[CaseLine]


def patient_view(patient: Patient, clinic: Clinic, *, at: datetime) -> PatientView:
    """Read one patient with the screenings and cases of every record of theirs."""
    records = {
        row.id: header(row)
        for row in same_person(patient.id)
        .select_related("merged_into")
        .prefetch_related("identifiers", "merged_into__identifiers")
    }
    found = Screening.objects.filter(patient_id__in=records).order_by("-created_at")
    cases = list(
        Episode.objects.filter(patient_id__in=records).order_by("-opened_at", "id")
    )
    return PatientView(
        header=header(patient),
        email=readable(patient, "email"),
        phone=readable(patient, "phone"),
        active=patient.status == Patient.Status.ACTIVE,
        enterable=patient.status in (Patient.Status.ACTIVE, Patient.Status.INACTIVE),
        open_cases=sum(case.status != Episode.Status.CLOSED for case in cases),
        sittings=[
            _sitting(row, records[row.patient_id].recorded_as, clinic, at=at)
            for row in found.prefetch_related("invitations")
        ],
        cases=[
            CaseLine(
                id=row.id,
                tier=row.tier,
                status=row.status,
                opened=moment(row.opened_at, clinic.zone),
                recorded_as=records[row.patient_id].recorded_as,
            )
            for row in cases
        ],
    )


def _sitting(
    row: Screening, recorded_as: str, clinic: Clinic, *, at: datetime
) -> Sitting:
    newest = max(row.invitations.all(), key=lambda i: i.created_at, default=None)
    entry = row.origin == Screening.Origin.STAFF
    state = ""
    if row.is_open and not entry:
        state = link_state(newest, at=at, clinic=clinic)
    return Sitting(
        id=row.id,
        patient_id=row.patient_id,
        recorded_as=recorded_as,
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
