"""A patient asked again every so many weeks: planned, paused, ended."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from clinicians.actions.inviting import has_address
from clinicians.actions.records import check_record, end_schedules
from clinicians.definitions import planning_policy
from clinicians.models import Schedule
from clinicians.workflow.planning import moment_on, next_occasion
from core import audit
from core.models import Patient, User
from core.permissions import Permission
from screening.actions.clock import hours_of

LONGEST = timedelta(days=2 * 366)


class ScheduleRefused(ValueError):
    """This cannot be planned or changed so; the sentence says what to do."""


@transaction.atomic
def start_schedule(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    every_weeks: int,
    starts_on: date,
    until_on: date,
    by: User,
    at: datetime,
) -> Schedule:
    """Plan to ask a patient every so many weeks, from one day to another.

    Raises ScheduleRefused. One that asks the same already has to end first.
    """
    check_record(patient, by, Permission.INVITE)
    today = at.astimezone(patient.clinic.zone).date()
    # Not planned twice by two at once, nor for a record that was merged or ended since.
    locked = Patient.objects.select_for_update(no_key=True).get(id=patient.id)
    patient.status = locked.status
    _check_plan(patient, battery, every_weeks, today, starts_on, until_on)
    for other in patient.schedules.filter(ended_at__isnull=True):
        if set(other.battery) & set(battery):
            raise ScheduleRefused(
                "This patient is asked one of these regularly already. End that first."
            )
    row = Schedule.objects.create(
        clinic=patient.clinic,
        patient=patient,
        battery=list(battery),
        language=language,
        every_days=every_weeks * 7,
        starts_on=starts_on,
        until_on=until_on,
        next_at=moment_on(planning_policy(), hours_of(patient.clinic), starts_on),
        created_at=at,
        created_by_id=str(by.id),
    )
    _note(row, "STARTED", by=audit.Actor.staff(by), at=at)
    return row


def _check_plan(
    patient: Patient,
    battery: Sequence[str],
    every_weeks: int,
    today: date,
    starts_on: date,
    until_on: date,
) -> None:
    if patient.status != Patient.Status.ACTIVE:
        raise ScheduleRefused("This patient's record is not active.")
    if not has_address(patient):
        raise ScheduleRefused(
            "There is no e-mail address to ask again at. Add one to the record first."
        )
    if not battery or "asq" in battery:
        raise ScheduleRefused("Choose at least one questionnaire that goes by link.")
    if every_weeks not in planning_policy().weeks:
        raise ScheduleRefused("Choose one of the intervals shown.")
    if starts_on < today:
        raise ScheduleRefused("The first day cannot be in the past.")
    if not starts_on <= until_on <= starts_on + LONGEST:
        raise ScheduleRefused("The last day is from the first day to two years later.")


@transaction.atomic
def pause_schedule(*, schedule: Schedule, by: User, at: datetime) -> None:
    """Ask nothing until somebody resumes it; the days that pass are not made up."""
    check_record(schedule.patient, by, Permission.INVITE)
    going = Schedule.objects.filter(
        id=schedule.id, ended_at__isnull=True, paused_at__isnull=True
    )
    if not going.update(paused_at=at, next_at=None):
        raise ScheduleRefused("This is paused or over already.")
    _note(schedule, "PAUSED", by=audit.Actor.staff(by), at=at)


@transaction.atomic
def resume_schedule(*, schedule: Schedule, by: User, at: datetime) -> None:
    """Go on with the next of its days, today's included if it was not asked yet."""
    check_record(schedule.patient, by, Permission.INVITE)
    row = Schedule.objects.select_for_update().get(id=schedule.id)
    if row.ended_at is not None or row.paused_at is None:
        raise ScheduleRefused("This is not paused.")
    newest = row.runs.values_list("due_on", flat=True).first()
    yesterday = at.astimezone(row.clinic.zone).date() - timedelta(days=1)
    day = next_day(row, after=max(newest or yesterday, yesterday))
    if day is None:
        raise ScheduleRefused("Its last day has passed. Plan a new one.")
    row.paused_at = None
    row.next_at = moment_on(planning_policy(), hours_of(row.clinic), day)
    row.save(update_fields=["paused_at", "next_at"])
    _note(row, "RESUMED", by=audit.Actor.staff(by), at=at)


@transaction.atomic
def end_schedule(*, schedule: Schedule, by: User, at: datetime) -> None:
    """Ask no more. What was asked already stays open until it runs out."""
    check_record(schedule.patient, by, Permission.INVITE)
    going = Schedule.objects.filter(id=schedule.id, ended_at__isnull=True)
    if not end_schedules(going, reason="", by=by, at=at):
        raise ScheduleRefused("This is over already.")


def next_day(row: Schedule, *, after: date) -> date | None:
    """The first of its days later than this one."""
    return next_occasion(
        starts_on=row.starts_on,
        every_days=row.every_days,
        until_on=row.until_on,
        after=after,
    )


def _note(row: Schedule, what: str, *, by: audit.Actor, at: datetime) -> None:
    audit.record(
        clinic_id=row.clinic_id,
        kind=f"SCHEDULE_{what}",
        by=by,
        at=at,
        object_type="patient",
        object_id=row.patient_id,
        detail={"schedule": str(row.id)},
    )
