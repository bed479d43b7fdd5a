"""Lists of patients, and one patient with the screenings that were asked of them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinicians.definitions import planning_policy
from clinicians.presenters.people import PatientHeader, header, readable
from clinicians.presenters.planning import (
    MailLine,
    ScheduleLine,
    mail_lines,
    schedule_lines,
    title_of,
)
from clinicians.presenters.states import status_of
from clinicians.presenters.times import moment
from core.models import Clinic, Patient
from screening.actions import token_of
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
    showable: bool
    missed: bool
    mails: Sequence[MailLine]


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
    asks_here: bool
    schedules: Sequence[ScheduleLine]
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
        asks_here=clinic.kiosk_enabled,
        schedules=schedule_lines(
            patient.schedules.filter(ended_at=None).prefetch_related("runs"),
            clinic.zone,
        ),
        sittings=[
            _sitting(row, clinic, newest=place == 0, at=at)
            for place, row in enumerate(found.prefetch_related("invitations", "mails"))
        ],
        cases=[
            CaseLine(c.id, c.tier, c.status, moment(c.opened_at, clinic.zone))
            for c in cases
        ],
    )


def _sitting(row: Screening, clinic: Clinic, *, newest: bool, at: datetime) -> Sitting:
    link = max(row.invitations.all(), key=lambda i: i.created_at, default=None)
    entry = row.origin == Screening.Origin.STAFF
    invited = row.is_open and not entry
    state = link_state(link, at=at, clinic=clinic) if invited else ""
    works = invited and link is not None and link_works(link, at=at)
    missed = _missed(row, at=at)
    taken_back = missed and link is not None and link.revoked_at is not None
    return Sitting(
        id=row.id,
        title=title_of(row.battery),
        status="Taken back: the link was revoked" if taken_back else status_of(row),
        created=moment(row.created_at, clinic.zone),
        link_state=state,
        invitation_id=link.id if link else None,
        revocable=row.is_open and link is not None and link.revoked_at is None,
        invitable=invited,
        answered=row.started_at is not None,
        entry=row.is_open and entry,
        showable=works and link is not None and token_of(link) is not None,
        missed=missed and newest and not taken_back,
        mails=mail_lines(row.mails.all(), clinic.zone) if row.is_open or missed else [],
    )


def _missed(row: Screening, *, at: datetime) -> bool:
    """Whether it ran out lately; older ones are invited anew, not again."""
    if row.status != Screening.Status.EXPIRED or row.closed_at is None:
        return False
    lately = at - timedelta(days=planning_policy().missed_days)
    return row.origin == Screening.Origin.INVITATION and row.closed_at >= lately


def link_works(link: Invitation, *, at: datetime) -> bool:
    """Whether a link of an open screening still opens it."""
    return not (link.revoked_at or link.locked_at) and link.expires_at > at


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
