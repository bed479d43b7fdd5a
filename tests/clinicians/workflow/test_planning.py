"""When patients are asked again and reminded: by rule, whatever the days and hours."""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicians.definitions import ROOT, planning_policy
from clinicians.workflow.mailing import MailFacts, next_try, why_not
from clinicians.workflow.planning import (
    allowed_at,
    build_planning_policy,
    latest_occasion,
    moment_on,
    next_occasion,
    occasions_between,
    reminder_moments,
)
from screening.definitions.files import read_json
from screening.domain.hours import Hours, build_hours
from screening.domain.reading import DefinitionError

POLICY = planning_policy()
WEEKDAYS = {str(day): [["08:00", "18:00"]] for day in range(5)}
OPEN = build_hours("America/New_York", WEEKDAYS, ["2026-11-26"])
CLOSED = build_hours("America/New_York", {}, [])
DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))
MOMENTS = st.integers(0, 2 * 366 * 1440).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(
    starts_on=DAYS, every=st.integers(1, 366), length=st.integers(0, 900), today=DAYS
)
def test_days_of_a_schedule_follow_each_other_without_gap_or_burst(
    starts_on: date, every: int, length: int, today: date
):
    plan: dict[str, Any] = {"starts_on": starts_on, "every_days": every}
    until_on = starts_on + timedelta(days=length)
    latest = latest_occasion(**plan, until_on=until_on, today=today)
    coming = next_occasion(**plan, until_on=until_on, after=today)
    if latest is None:
        assert today < starts_on
        assert coming == starts_on
        return
    assert starts_on <= latest <= min(today, until_on)
    assert (latest - starts_on).days % every == 0
    assert min(today, until_on) - latest < timedelta(days=every)
    if coming is None:
        assert latest + timedelta(days=every) > until_on
    else:
        assert coming == latest + timedelta(days=every)
        assert today < coming <= until_on


@given(
    starts_on=DAYS,
    every=st.integers(1, 60),
    done=st.integers(-1, 9),
    gone=st.integers(0, 9),
)
def test_days_that_went_by_are_counted(
    starts_on: date, every: int, done: int, gone: int
):
    step = timedelta(days=every)
    after = None if done < 0 else starts_on + done * step
    until = starts_on + (done + 1 + gone) * step
    found = occasions_between(
        starts_on=starts_on, every_days=every, after=after, until=until
    )
    assert found == gone


@given(at=MOMENTS, hours=st.sampled_from([OPEN, CLOSED]))
def test_nothing_goes_out_unasked_at_night(at: datetime, hours: Hours):
    moment = allowed_at(POLICY, hours, at)
    local = moment.astimezone(hours.zone)
    assert POLICY.send_from <= f"{local:%H:%M}" < POLICY.send_until
    assert at <= moment < at + timedelta(days=POLICY.wait_days + 2)
    assert allowed_at(POLICY, hours, moment) == moment


@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        (date(2026, 9, 15), OPEN, "Tue 09:00 EDT"),
        (date(2026, 9, 19), OPEN, "Mon 09:00 EDT"),
        (date(2026, 9, 19), CLOSED, "Sat 09:00 EDT"),
        (date(2026, 11, 26), OPEN, "Fri 09:00 EST"),
        (date(2026, 11, 1), CLOSED, "Sun 09:00 EST"),
    ],
    ids=["staffed", "weekend", "no hours", "holiday", "clocks go back"],
)
def test_planned_mail_waits_for_a_staffed_morning(day, hours, expected):
    moment = moment_on(POLICY, hours, day).astimezone(hours.zone)
    assert f"{moment:%a %H:%M %Z}" == expected


def test_clinic_that_is_never_there_soon_does_not_hold_mails_up():
    mondays = build_hours("America/New_York", {"0": [["08:00", "12:00"]]}, [])
    tuesday = datetime(2026, 9, 15, 14, tzinfo=UTC)
    assert allowed_at(POLICY, mondays, tuesday) == tuesday


def test_clinic_of_evenings_sends_by_day_all_the_same():
    evenings = build_hours(
        "America/New_York", {str(day): [["19:00", "22:00"]] for day in range(7)}, []
    )
    night = datetime(2026, 9, 16, 1, tzinfo=UTC)  # 21:00 on the 15th
    moment = allowed_at(POLICY, evenings, night).astimezone(evenings.zone)
    assert f"{moment:%d %H:%M}" == "16 09:00"


def test_reminders_end_with_the_link():
    invited = datetime(2026, 9, 15, 14, tzinfo=UTC)
    found = reminder_moments(
        POLICY,
        OPEN,
        invited_at=invited,
        until=invited + timedelta(days=7),
        days=[6, 3, 3, 0, 30],
    )
    assert [f"{d}: {m:%d %H:%M}" for d, m in found.items()] == [
        "3: 18 13:00",
        "6: 21 13:00",
    ]


def test_mail_that_fails_is_tried_again_with_growing_waits_and_not_for_ever():
    at = datetime(2026, 9, 15, tzinfo=UTC)
    tries = [
        next_try(POLICY, attempts=n, at=at) for n in range(1, POLICY.mail_attempts + 1)
    ]
    waits = [(moment - at).total_seconds() for moment in tries if moment]
    assert waits[:3] == [60, 120, 240]
    assert waits == sorted(waits)
    assert waits[-1] == POLICY.mail_longest_wait_seconds
    assert tries[-1] is None


FACTS: dict[str, Any] = {
    "reminder_day": None,
    "patient_active": True,
    "wants_reminders": True,
    "begun": False,
    "over": False,
    "link_works": True,
    "reminder_days": (3,),
    "newer_due": False,
    "invited": True,
}


@given(
    day=st.sampled_from([None, 3]),
    flags=st.fixed_dictionaries(
        {k: st.booleans() for k, v in FACTS.items() if isinstance(v, bool)}
    ),
)
def test_mail_goes_to_nobody_who_has_begun_ended_or_left(day, flags):
    facts = MailFacts(**{**FACTS, "reminder_day": day, **flags})
    sent = why_not(facts) == ""
    if sent:
        assert facts.patient_active
        assert facts.link_works
        assert not facts.begun
        assert not facts.over
    if sent and day:
        assert facts.wants_reminders
        assert facts.invited
        assert not facts.newer_due


def test_patient_who_wants_no_reminders_is_invited_all_the_same():
    assert why_not(MailFacts(**{**FACTS, "wants_reminders": False})) == ""


def test_reminder_of_a_day_that_the_clinic_took_out_is_not_sent():
    facts = MailFacts(**{**FACTS, "reminder_day": 5})
    assert why_not(facts) == "The clinic no longer reminds on this day."


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"send_from": "9"}, "must be a time"),
        ({"send_until": "08:00"}, "later than send_from"),
        ({"weeks": [2, 1]}, "each more than the last"),
        ({"weeks": []}, "each more than the last"),
        ({"mail_attempts": 0}, "at least 1"),
        ({"device_warning_seconds": 19}, "at least 20"),
        ({"device_idle_seconds": 60}, "longer than the warning"),
    ],
)
def test_planning_file_that_cannot_be_used_is_refused(wrong, reason):
    data = {**copy.deepcopy(read_json(ROOT / "planning.json", ROOT)), **wrong}
    with pytest.raises(DefinitionError, match=reason):
        build_planning_policy(data, file="planning.json")
