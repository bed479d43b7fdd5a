"""What there is of one patient in the worlds of these tests: one row of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from clinicians.actions.inviting import ask
from clinicians.actions.merging import merge
from clinicians.models import PatientMail, PatientMerge, Schedule, TreatmentEvent
from core.audit import Actor
from core.models import Clinic, EmergencyAccess, Patient, Role, User
from screening import actions
from screening.models import Episode, Invitation, Screening
from tests.cast import NOW, make_episode, make_flag, make_patient
from tests.records.rows import make_administration

DAY = timedelta(days=1)
# Who may open a record in an emergency.
IN_EMERGENCIES = (Role.ADMINISTRATOR, Role.FRONT_DESK)


@dataclass(frozen=True, slots=True)
class Folder:
    """What there is of one patient; `accesses` are over, by who opened them."""

    patient: Patient
    case: Episode
    scored: Screening
    entry: Screening
    invitation: Invitation
    mail: PatientMail
    event: TreatmentEvent
    schedule: Schedule
    merge: PatientMerge
    accesses: Mapping[Role, EmergencyAccess]

    def ids(self) -> set[str]:
        """Under which a look at this patient is found in the log."""
        invited = self.invitation.screening
        rows = (self.patient, self.case, self.scored, self.entry, invited)
        return {str(row.id) for row in rows}


def make_folder(clinic: Clinic, staff: Mapping[Role, User]) -> Folder:
    by, at = staff[Role.CLINICIAN], timezone.now()
    patient = make_patient(clinic, email="robin@example.org")
    case = make_episode(patient)
    scored = make_administration(clinic, [1] * 10, patient=patient).screening
    make_flag(case, scored)
    entry = actions.start_entry(
        patient=patient,
        battery=["phq-9"],
        language="en",
        mode="PAPER",
        answered_at=at - timedelta(seconds=1),
        by=by,
        at=at,
    )
    invitation = ask(
        patient=patient,
        battery=["phq-9"],
        language="en",
        by=Actor.staff(by),
        at=at,
        mailed=False,
    ).invitation
    return Folder(
        patient=patient,
        case=case,
        scored=scored,
        entry=entry,
        invitation=invitation,
        mail=_mail(invitation, at),
        event=_event(patient, by),
        schedule=_schedule(patient, at),
        merge=merge(
            kept=patient, gone=make_patient(clinic), by=staff[Role.SUPERVISOR], at=at
        ),
        accesses={
            role: open_access(patient, staff[role], at=at - DAY, ended_at=at)
            for role in IN_EMERGENCIES
        },
    )


def open_access(
    patient: Patient, user: User, *, at: datetime, ended_at: datetime | None = None
) -> EmergencyAccess:
    """An hour of emergency access, without a line in the log: that would be a look."""
    return EmergencyAccess.objects.create(
        clinic=patient.clinic,
        patient=patient,
        user=user,
        reason="He called and cannot be reached.",
        opened_at=at,
        ends_at=at + timedelta(hours=1),
        ended_at=ended_at,
    )


def _mail(invitation: Invitation, at: datetime) -> PatientMail:
    return PatientMail.objects.create(
        clinic=invitation.screening.clinic,
        screening=invitation.screening,
        invitation=invitation,
        kind=PatientMail.Kind.INVITATION,
        key=str(invitation.id),
        due_at=at,
        failed_at=at,
        last_error="There is no such mailbox.",
        created_at=at,
    )


def _event(patient: Patient, by: User) -> TreatmentEvent:
    return TreatmentEvent.objects.create(
        clinic=patient.clinic,
        patient=patient,
        kind="medication-started",
        happened_on=NOW.date(),
        by=by,
        at=NOW,
    )


def _schedule(patient: Patient, at: datetime) -> Schedule:
    return Schedule.objects.create(
        clinic=patient.clinic,
        patient=patient,
        battery=["gad-7"],
        language="en",
        every_days=14,
        starts_on=at.date(),
        until_on=(at + 90 * DAY).date(),
        next_at=at + DAY,
        created_at=at,
    )
