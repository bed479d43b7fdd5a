"""Asked again every so many weeks: once a day that comes, or not and why; never a burst."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import DatabaseError, IntegrityError, transaction

from clinicians import tasks
from clinicians.actions import schedule_runs
from clinicians.actions.schedules import (
    ScheduleRefused,
    end_schedule,
    pause_schedule,
    resume_schedule,
    start_schedule,
)
from clinicians.models import PatientMail, Schedule, ScheduleRun
from core.models import AuditEvent, Clinic, Patient
from core.permissions import PermissionRefused
from screening.models import Invitation, Screening
from tests.cast import NOW, Cast, make_patient
from tests.clinicians.planned import DAY, asked, reachable, tick

# NOW is a Tuesday, 10:00 in New York.
FIRST = date(2026, 9, 16)
WEEK = timedelta(weeks=1)
STAFFED = {str(day): [["08:00", "18:00"]] for day in range(5)}


def morning(day: date) -> datetime:
    """Nine o'clock in New York, in the time that is kept there that day."""
    hour = 13 if day < date(2026, 11, 1) else 14
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def started(cast: Cast, patient: Patient | None = None, **fields: Any) -> Schedule:
    given = {
        "battery": ["phq-9"],
        "language": "en",
        "every_weeks": 2,
        "starts_on": FIRST,
        "until_on": FIRST + 12 * WEEK,
        **fields,
    }
    return start_schedule(
        patient=patient or reachable(cast), **given, by=cast.fred, at=NOW
    )


def answered() -> None:
    Screening.objects.update(status="COMPLETED")


def test_patient_is_asked_on_each_day_until_the_last(cast: Cast):
    row = started(cast, until_on=FIRST + 4 * WEEK)
    tick(NOW)
    assert not Screening.objects.exists()
    for number in range(3):
        tick(morning(FIRST) + number * 2 * WEEK)
        answered()
    row.refresh_from_db()
    assert [run.due_on for run in row.runs.order_by("due_on")] == [
        FIRST + number * 2 * WEEK for number in range(3)
    ]
    assert (row.next_at, row.ended_at) == (None, morning(FIRST) + 4 * WEEK)
    assert [m.subject for m in outbox.outbox].count("Your link") == 3
    assert AuditEvent.objects.filter(kind="SCHEDULE_ASKED").count() == 3
    tick(morning(FIRST) + 6 * WEEK)
    assert Screening.objects.count() == 3


def test_nine_in_the_morning_stays_nine_when_the_clocks_change(cast: Cast):
    row = started(cast, starts_on=date(2026, 10, 28), every_weeks=1)
    tick(morning(date(2026, 10, 28)))
    row.refresh_from_db()
    assert row.next_at == datetime(2026, 11, 4, 14, tzinfo=UTC)


def test_day_without_staff_waits_for_one_with_staff(cast: Cast):
    cast.clinic.staffed_hours = STAFFED
    cast.clinic.save()
    saturday = date(2026, 9, 19)
    row = started(cast, starts_on=saturday, every_weeks=1)
    tick(morning(saturday))
    assert not row.runs.exists()
    tick(morning(saturday + 2 * DAY))
    assert row.runs.get().due_on == saturday
    row.refresh_from_db()
    assert row.next_at == morning(saturday + WEEK + 2 * DAY)


def test_after_an_outage_one_day_is_asked_and_the_others_are_counted(cast: Cast):
    row = started(cast, every_weeks=1)
    tick(morning(FIRST))
    answered()
    tick(morning(FIRST) + 4 * WEEK + DAY)
    assert Screening.objects.count() == 2
    newest = row.runs.first()
    assert (newest.due_on, newest.missed) == (FIRST + 4 * WEEK, 3)
    row.refresh_from_db()
    assert row.next_at == morning(FIRST) + 5 * WEEK


def test_outage_that_ends_at_night_waits_for_the_morning(cast: Cast):
    row = started(cast)
    tick(morning(FIRST) + timedelta(hours=14))
    assert not row.runs.exists()
    row.refresh_from_db()
    assert row.next_at == morning(FIRST + DAY)
    tick(row.next_at)
    assert row.runs.get().due_on == FIRST


def test_link_of_one_day_runs_out_before_the_next(cast: Cast):
    row = started(cast, every_weeks=1)
    tick(morning(FIRST))
    assert Invitation.objects.get().expires_at < morning(FIRST) + WEEK
    tick(morning(FIRST) + WEEK)
    assert [run.skipped for run in row.runs.all()] == ["", ""]


def set_status(status: str):
    def act(_cast: Cast, patient: Patient) -> None:
        patient.status = status
        patient.save()

    return act


def ask_by_hand(cast: Cast, patient: Patient) -> None:
    asked(cast, patient, until=NOW + 99 * DAY)


def forget_address(_cast: Cast, patient: Patient) -> None:
    patient.email = ""
    patient.save()


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (set_status("INACTIVE"), "The patient's record is not active."),
        (ask_by_hand, "What the patient was asked before is still open."),
        (forget_address, "There is no e-mail address that can be read."),
    ],
    ids=["inactive", "open", "address"],
)
def test_day_is_skipped_with_its_reason_and_the_next_is_tried(cast: Cast, happens, why):
    patient = reachable(cast)
    row = started(cast, patient)
    happens(cast, patient)
    before = Screening.objects.count()
    tick(morning(FIRST))
    assert row.runs.get().skipped == why
    assert Screening.objects.count() == before
    row.refresh_from_db()
    assert row.next_at == morning(FIRST) + 2 * WEEK
    assert AuditEvent.objects.filter(kind="SCHEDULE_SKIPPED").exists()


def test_schedule_of_whom_is_deceased_ends(cast: Cast):
    patient = reachable(cast)
    row = started(cast, patient)
    set_status("DECEASED")(cast, patient)
    tick(morning(FIRST))
    row.refresh_from_db()
    assert row.ended_reason == "The patient's record: deceased."
    assert (row.next_at, Screening.objects.count()) == (None, 0)


def test_questionnaire_without_text_in_the_language_is_skipped(cast: Cast):
    row = started(cast, battery=["phq-2"], language="es-US")
    tick(morning(FIRST))
    assert row.runs.get().skipped


def test_pausing_asks_nothing_and_resuming_goes_on_with_the_next_day(cast: Cast):
    row = started(cast)
    tick(morning(FIRST))
    answered()
    pause_schedule(schedule=row, by=cast.fred, at=NOW + DAY)
    tick(morning(FIRST) + 2 * WEEK)
    assert row.runs.count() == 1
    resume_schedule(schedule=row, by=cast.fred, at=morning(FIRST) + 3 * WEEK)
    row.refresh_from_db()
    assert (row.paused_at, row.next_at) == (None, morning(FIRST) + 4 * WEEK)


def test_schedule_that_ended_neither_asks_nor_resumes(cast: Cast):
    row = started(cast)
    end_schedule(schedule=row, by=cast.fred, at=NOW)
    tick(morning(FIRST))
    assert not row.runs.exists()
    for act in (end_schedule, pause_schedule, resume_schedule):
        with pytest.raises(ScheduleRefused):
            act(schedule=row, by=cast.fred, at=NOW)


def test_schedule_paused_past_its_last_day_cannot_resume(cast: Cast):
    row = started(cast, until_on=FIRST + WEEK)
    pause_schedule(schedule=row, by=cast.fred, at=NOW)
    with pytest.raises(ScheduleRefused, match="last day has passed"):
        resume_schedule(schedule=row, by=cast.fred, at=NOW + 3 * WEEK)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"battery": []}, "at least one"),
        ({"battery": ["asq"]}, "by link"),
        ({"every_weeks": 5}, "intervals shown"),
        ({"starts_on": date(2026, 9, 14)}, "in the past"),
        ({"until_on": date(2026, 9, 15)}, "two years"),
        ({"until_on": date(2029, 1, 1)}, "two years"),
    ],
)
def test_plan_that_cannot_be_is_refused(cast: Cast, fields, reason):
    with pytest.raises(ScheduleRefused, match=reason):
        started(cast, **fields)


def test_plan_needs_an_active_patient_with_an_address_asked_once(cast: Cast):
    patient = reachable(cast)
    started(cast, patient)
    with pytest.raises(ScheduleRefused, match="regularly already"):
        started(cast, patient)
    with pytest.raises(ScheduleRefused, match="no e-mail address"):
        started(cast, make_patient(cast.clinic))
    with pytest.raises(ScheduleRefused, match="not active"):
        started(cast, reachable(cast, status="INACTIVE"))
    with pytest.raises(PermissionRefused):
        started(cast, make_patient(cast.other_clinic))


def test_day_and_its_outcome_are_written_together_or_not_at_all(
    cast: Cast, monkeypatch
):
    row = started(cast)

    def fails(**_line: object) -> None:
        raise DatabaseError("no audit")

    with monkeypatch.context() as broken:
        broken.setattr("clinicians.actions.schedule_runs.audit.record", fails)
        tasks.plan_due(lambda: morning(FIRST))
    assert not row.runs.exists()
    assert not Screening.objects.exists()
    assert not PatientMail.objects.exists()
    tick(morning(FIRST))
    assert row.runs.get().screening


def test_one_broken_schedule_holds_up_no_other(cast: Cast, monkeypatch):
    first, second = started(cast), started(cast)
    run = schedule_runs.run_schedule

    def broken(*, schedule_id, at):
        if schedule_id == first.id:
            raise RuntimeError("bad row")
        return run(schedule_id=schedule_id, at=at)

    monkeypatch.setattr(schedule_runs, "run_schedule", broken)
    tasks.tick(lambda: morning(FIRST))
    assert ScheduleRun.objects.get().schedule == second


def test_a_day_has_one_run_and_it_is_never_edited(cast: Cast):
    row = started(cast)
    tick(morning(FIRST))
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleRun.objects.create(schedule=row, due_on=FIRST, skipped="x", at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScheduleRun.objects.update(skipped="another")


def test_replayed_clinic_asks_nobody(cast: Cast):
    row = started(cast)
    Clinic.objects.update(purpose="REPLAY")
    tick(morning(FIRST))
    assert not row.runs.exists()
