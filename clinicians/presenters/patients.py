"""One patient with the screenings and cases of all records that are this person's."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from clinicians.definitions import planning_policy
from clinicians.models import PatientMail
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
from core.models import Clinic, Patient, same_person
from screening.actions import token_of
from screening.actions.opening import is_live, works_until
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
    retracted: bool
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
    recorded_as: str


@dataclass(frozen=True, slots=True)
class PatientView:
    """One patient."""

    header: PatientHeader
    email: str
    phone: str
    wants_reminders: bool
    active: bool
    asks_here: bool
    schedules: Sequence[ScheduleLine]
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
    found = found.select_related("clinic", "patient__merged_into")
    cases = list(
        Episode.objects.filter(patient_id__in=records).order_by("-opened_at", "id")
    )
    return PatientView(
        header=header(patient),
        email=readable(patient, "email"),
        phone=readable(patient, "phone"),
        wants_reminders=patient.wants_reminders,
        active=patient.status == Patient.Status.ACTIVE,
        enterable=patient.status in (Patient.Status.ACTIVE, Patient.Status.INACTIVE),
        open_cases=sum(case.status != Episode.Status.CLOSED for case in cases),
        asks_here=clinic.kiosk_enabled,
        schedules=schedule_lines(
            patient.schedules.filter(ended_at=None).prefetch_related("runs"),
            clinic.zone,
        ),
        sittings=_sittings(found, patient, clinic, records, at=at),
        cases=[
            _case_line(row, clinic, recorded_as=records[row.patient_id].recorded_as)
            for row in cases
        ],
    )


def _sittings(
    found: QuerySet[Screening],
    patient: Patient,
    clinic: Clinic,
    records: Mapping[uuid.UUID, PatientHeader],
    *,
    at: datetime,
) -> list[Sitting]:
    return [
        _sitting(
            row,
            clinic,
            active=patient.status == Patient.Status.ACTIVE,
            recorded_as=records[row.patient_id].recorded_as,
            newest=place == 0,
            at=at,
        )
        for place, row in enumerate(found.prefetch_related("invitations", "mails"))
    ]


def _case_line(row: Episode, clinic: Clinic, *, recorded_as: str) -> CaseLine:
    return CaseLine(
        id=row.id,
        tier=row.tier,
        status=row.status,
        opened=moment(row.opened_at, clinic.zone),
        recorded_as=recorded_as,
    )


def _was_taken_back(link: Invitation, row: Screening) -> bool:
    """Not one whose link ended later, when the patient was asked again."""
    ended, over = link.revoked_at, row.closed_at
    return ended is not None and (over is None or ended <= over)


def _sitting(
    row: Screening,
    clinic: Clinic,
    *,
    active: bool,
    recorded_as: str,
    newest: bool,
    at: datetime,
) -> Sitting:
    link = max(row.invitations.all(), key=lambda i: i.created_at, default=None)
    entry = row.origin == Screening.Origin.STAFF
    invited = row.is_open and not entry
    state = link_state(link, at=at, clinic=clinic) if invited else ""
    works = invited and link is not None and is_live(link, at=at)
    missed = _missed(row, at=at)
    taken_back = missed and link is not None and _was_taken_back(link, row)
    return Sitting(
        id=row.id,
        patient_id=row.patient_id,
        recorded_as=recorded_as,
        title=title_of(row.battery),
        status="Taken back: the link was revoked" if taken_back else status_of(row),
        created=moment(row.created_at, clinic.zone),
        link_state=state,
        invitation_id=link.id if link else None,
        revocable=row.is_open and link is not None and link.revoked_at is None,
        invitable=invited and active,
        answered=row.started_at is not None,
        retracted=row.retracted_at is not None,
        entry=row.is_open and entry,
        showable=works and link is not None and token_of(link) is not None,
        missed=missed and newest and not taken_back and active,
        mails=mail_lines(_mails(row), clinic.zone) if row.is_open or missed else [],
    )


def _mails(row: Screening) -> list[PatientMail]:
    """Return its mails without the reminders that are planned and will not go out."""
    patient = row.patient
    wanted = patient.wants_reminders and patient.stays.wants_reminders
    return [m for m in row.mails.all() if wanted or m.day is None or m.sent_at]


def _missed(row: Screening, *, at: datetime) -> bool:
    """Whether it ran out lately; older ones are invited anew, not again."""
    if row.status != Screening.Status.EXPIRED or row.closed_at is None:
        return False
    if row.retracted_at is not None:
        return False
    lately = at - timedelta(days=planning_policy().missed_days)
    return row.origin == Screening.Origin.INVITATION and row.closed_at >= lately


def link_state(newest: Invitation | None, *, at: datetime, clinic: Clinic) -> str:
    """Whether the link still works, and if not, why."""
    if newest is None:
        return "No link"
    if newest.revoked_at:
        return "Link revoked"
    if newest.locked_at:
        return "Link locked after five failed checks"
    until = works_until(newest)
    if until <= at:
        return "Link expired"
    opened = "opened, " if newest.opened_at else ""
    return f"Link {opened}works until {moment(until, clinic.zone)}"
