"""Setting a record inactive or deceased, what that ends, and undoing it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from clinicians.definitions import records_policy
from clinicians.models import PatientMail, Schedule, StateChange
from clinicians.workflow.records import (
    RecordState,
    StateRefused,
    check_restore,
    check_state,
)
from core import audit
from core.crypto import CannotRead
from core.models import Patient, User, same_person
from core.permissions import Permission, PermissionRefused, check_can
from screening.actions import revoke_invitation
from screening.models import Invitation, Screening

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """What a change of state ended besides."""

    links: int
    schedules: int


def check_record(patient: Patient, by: User, permission: Permission) -> None:
    """Raise PermissionRefused unless `by` may do this at the record's own clinic."""
    check_can(by, permission)
    if by.clinic_id != patient.clinic_id:
        raise PermissionRefused("This patient belongs to another clinic.")


def locked(ids: Iterable[object]) -> dict[object, Patient]:
    """Return the records as they stand now, by id; everybody locks in one order.

    Without the key: rows that point at a patient can still be written meanwhile.
    """
    rows = Patient.objects.select_for_update(no_key=True).filter(id__in=set(ids))
    return {row.id: row for row in rows.order_by("id")}


@transaction.atomic
def set_state(
    *,
    patient: Patient,
    state: RecordState,
    reason: str,
    died_on: date | None = None,
    note: str = "",
    by: User,
    at: datetime,
) -> Ended:
    """Set a record inactive or deceased; links, reminders and schedules end with it.

    An open case stays open: only a person closes it. Raises StateRefused.
    """
    check_record(patient, by, Permission.SET_INACTIVE)
    hold_schedules([patient])
    row = locked([patient.id])[patient.id]
    check_state(RecordState(row.status), state)
    if reason not in records_policy().reasons(state):
        raise StateRefused("Choose one of the reasons shown.")
    if len(note) > LONGEST_NOTE:
        raise StateRefused(f"Shorten the note to {LONGEST_NOTE} characters.")
    day = _checked_day(row, died_on, at=at) if state is RecordState.DECEASED else ""
    # Screenings are locked before the clinic's audit chain, as everywhere.
    why = f"The patient's record: {Patient.Status(state).label.lower()}."
    ended = end_all(same_person(row.id), reason=why, by=by, at=at)
    _change(row, state, died_on=day, reason=reason, note=note, by=by, at=at)
    patient.status, patient.died_on = row.status, row.died_on
    return ended


@transaction.atomic
def restore(*, patient: Patient, note: str, by: User, at: datetime) -> None:
    """Make a record active again. What had ended stays ended: links and schedules
    are made anew by whoever wants them. Raises StateRefused."""
    check_record(patient, by, Permission.RESTORE_PATIENTS)
    row = locked([patient.id])[patient.id]
    check_restore(RecordState(row.status))
    if not note.strip():
        raise StateRefused("Write why this record is made active again.")
    if len(note) > LONGEST_NOTE:
        raise StateRefused(f"Shorten the note to {LONGEST_NOTE} characters.")
    _change(row, RecordState.ACTIVE, died_on="", note=note, by=by, at=at)
    patient.status, patient.died_on = row.status, row.died_on


def _checked_day(row: Patient, died_on: date | None, *, at: datetime) -> str:
    if died_on is None:
        return ""
    if died_on > at.astimezone(row.clinic.zone).date():
        raise StateRefused("The day of death cannot be in the future.")
    try:
        born = row.birth_date
    except CannotRead:
        born = ""
    if born and died_on.isoformat() < born:
        raise StateRefused("The day of death cannot be before the day of birth.")
    return died_on.isoformat()


def _change(
    row: Patient,
    after: RecordState,
    *,
    died_on: str,
    reason: str = "",
    note: str,
    by: User,
    at: datetime,
) -> None:
    before, row.status, row.died_on = row.status, after.value, died_on
    row.save(update_fields=["status", "died_on"])
    change = StateChange.objects.create(
        clinic_id=row.clinic_id,
        patient=row,
        before=before,
        after=after.value,
        reason=reason,
        note=note.strip(),
        by=by,
        at=at,
    )
    audit.record(
        clinic_id=row.clinic_id,
        kind=f"PATIENT_SET_{after.value}",
        by=audit.Actor.staff(by),
        at=at,
        object_type="patient",
        object_id=row.id,
        detail={"change": str(change.id), "before": before, "reason": reason},
    )


def open_links(people: QuerySet[Patient]) -> QuerySet[Invitation]:
    """Return the links by which these people could still answer."""
    rows = Invitation.objects.filter(
        revoked_at=None, screening__status__in=Screening.OPEN
    )
    return rows.filter(screening__patient__in=people.values("id"))


def running_schedules(people: QuerySet[Patient]) -> QuerySet[Schedule]:
    """Return the schedules by which these people would be asked again."""
    return Schedule.objects.filter(patient__in=people.values("id"), ended_at=None)


def hold_schedules(patients: Iterable[Patient]) -> None:
    """Lock what runs for these before the records themselves, as who asks does."""
    ids = [record.id for row in patients for record in same_person(row.id)]
    held = Schedule.objects.select_for_update().filter(
        patient_id__in=ids, ended_at=None
    )
    list(held.order_by("id"))


def end_all(people: QuerySet[Patient], *, reason: str, by: User, at: datetime) -> Ended:
    """Revoke links, end schedules and take back mails, in the caller's transaction."""
    links = list(open_links(people).order_by("screening_id", "id"))
    for link in links:
        revoke_invitation(invitation=link, by=audit.Actor.staff(by), at=at)
    mails = PatientMail.objects.filter(next_at__isnull=False)
    mails.filter(screening__patient__in=people.values("id")).update(
        next_at=None, stopped_at=at, last_error=reason
    )
    running = running_schedules(people)
    return Ended(len(links), end_schedules(running, reason=reason, by=by, at=at))


def end_schedules(
    rows: QuerySet[Schedule], *, reason: str, by: User, at: datetime
) -> int:
    """End these schedules, each with its audit row, in the caller's transaction."""
    ended = list(rows.select_for_update().order_by("id"))
    for row in ended:
        row.next_at, row.paused_at, row.ended_at = None, None, at
        row.ended_reason = reason
        row.save(update_fields=["next_at", "paused_at", "ended_at", "ended_reason"])
        audit.record(
            clinic_id=row.clinic_id,
            kind="SCHEDULE_ENDED",
            by=audit.Actor.staff(by),
            at=at,
            object_type="patient",
            object_id=row.patient_id,
            detail={"schedule": str(row.id)},
        )
    return len(ended)
