"""The days of schedules as they come: each asked once, or skipped with the reason."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from clinicians.actions.inviting import ask, has_address, open_screenings
from clinicians.actions.mailing import PLANNER
from clinicians.actions.schedules import next_day
from clinicians.definitions import planning_policy
from clinicians.models import Schedule, ScheduleRun
from clinicians.workflow.planning import (
    allowed_at,
    latest_occasion,
    moment_on,
    occasions_between,
)
from core import audit
from core.models import Clinic, Patient
from screening.actions import InvitationRefused, NotAvailable
from screening.actions.clock import hours_of
from screening.models import Screening

BATCH = 20
# Before the next day comes, what was asked on this one is over.
BREATH = timedelta(hours=1)
GONE = (Patient.Status.DECEASED, Patient.Status.MERGED)


def due_schedules(*, at: datetime) -> list[uuid.UUID]:
    """Return the schedules of which a day has come."""
    due = Schedule.objects.filter(next_at__lte=at)
    due = due.exclude(clinic__purpose=Clinic.Purpose.REPLAY)
    return list(due.order_by("next_at", "id").values_list("id", flat=True)[:BATCH])


@transaction.atomic
def run_schedule(*, schedule_id: uuid.UUID, at: datetime) -> ScheduleRun | None:
    """Take the day of one schedule that has come, if it is still due.

    Two loops never take the same day: the row is locked, or skipped while another
    has it; the day is taken by an update that must change one row; and no day has
    two runs. After an outage one day is asked, the latest: the others are counted
    and not made up.
    """
    # Nothing is joined: a row that was waited for is read anew, a joined one is not.
    rows = Schedule.objects.select_for_update(skip_locked=True)
    row = rows.filter(id=schedule_id, next_at__lte=at).first()
    if row is None:
        return None
    allowed = allowed_at(planning_policy(), hours_of(row.clinic), at)
    if allowed > at:
        _move(row, next_at=allowed)
        return None
    today = at.astimezone(row.clinic.zone).date()
    day = latest_occasion(
        starts_on=row.starts_on,
        every_days=row.every_days,
        until_on=row.until_on,
        today=today,
    )
    newest = row.runs.values_list("due_on", flat=True).first()
    if day is None or (newest is not None and newest >= day):
        _move_on(row, after=day or today, at=at)
        return None
    return _take(row, day, newest, at=at) if _move_on(row, after=day, at=at) else None


def _move(row: Schedule, **fields: Any) -> bool:
    """Change the schedule if nobody else has since it was read."""
    mine = Schedule.objects.filter(id=row.id, next_at=row.next_at).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)
    return mine == 1


def _move_on(row: Schedule, *, after: date, at: datetime) -> bool:
    """Wait for the next of its days, or end after the last."""
    gone = row.patient.status in GONE
    day = None if gone else next_day(row, after=after)
    if day is not None:
        return _move(
            row, next_at=moment_on(planning_policy(), hours_of(row.clinic), day)
        )
    reason = f"The patient's record: {row.patient.get_status_display().lower()}."
    ended = _move(row, next_at=None, ended_at=at, ended_reason=reason if gone else "")
    if ended:
        audit.record(
            clinic_id=row.clinic_id,
            kind="SCHEDULE_ENDED",
            by=PLANNER,
            at=at,
            object_type="patient",
            object_id=row.patient_id,
            detail={"schedule": str(row.id)},
        )
    return ended


def _take(
    row: Schedule, day: date, newest: date | None, *, at: datetime
) -> ScheduleRun:
    screening, why = _ask(row, at=at)
    missed = occasions_between(
        starts_on=row.starts_on, every_days=row.every_days, after=newest, until=day
    )
    run = ScheduleRun.objects.create(
        schedule=row, due_on=day, screening=screening, skipped=why, missed=missed, at=at
    )
    audit.record(
        clinic_id=row.clinic_id,
        kind="SCHEDULE_SKIPPED" if why else "SCHEDULE_ASKED",
        by=PLANNER,
        at=at,
        object_type="patient",
        object_id=row.patient_id,
        detail={"schedule": str(row.id), "day": day.isoformat(), "missed": missed},
    )
    return run


def _ask(row: Schedule, *, at: datetime) -> tuple[Screening | None, str]:
    """The screening that was made, or why none was."""
    patient = Patient.objects.select_for_update(no_key=True).get(id=row.patient_id)
    if patient.status != Patient.Status.ACTIVE:
        return None, "The patient's record is not active."
    if patient.id in open_screenings([patient.id]):
        return None, "What the patient was asked before is still open."
    if not has_address(patient):
        return None, "There is no e-mail address that can be read."
    patient.clinic = row.clinic
    until = at + timedelta(days=row.clinic.invitation_days)
    if row.next_at is not None:
        until = min(until, row.next_at - BREATH)
    try:
        made = ask(
            patient=patient,
            battery=row.battery,
            language=row.language,
            by=PLANNER,
            at=at,
            mailed=True,
            until=until,
        )
    except (InvitationRefused, NotAvailable) as error:
        return None, str(error)[:200]
    return made.screening, ""
