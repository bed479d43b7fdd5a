"""Due times, staffed hours and promises, across nights, holidays and clock changes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.due import (
    Hours,
    build_policy,
    due_at,
    next_open,
    override,
    promise,
    staffed,
)
from screening.domain.flags import Tier
from tests.screening.domain import oracle
from tests.screening.domain.clocks import NEVER, utc


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-23 10:00", "2026-11-23 14:00"),
        ("2026-11-23 19:59", "2026-11-23 23:59"),
        ("2026-11-23 21:00", "2026-11-24 00:00"),
        ("2026-11-22 23:59", "2026-11-23 00:00"),
        ("2026-12-25 10:00", "2026-12-25 14:00"),
        ("2026-03-08 01:30", "2026-03-08 06:30"),
        ("2026-11-01 00:30", "2026-11-01 03:30"),
        ("2026-03-07 22:00", "2026-03-08 00:00"),
    ],
)
def test_urgent_is_due_the_same_day_by_the_wall_clock(policy, office, at, due):
    assert due_at(policy, office, Tier.URGENT, utc(at)) == utc(due)
    assert due_at(policy, NEVER, Tier.URGENT, utc(at)) == utc(due)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-23 10:00", "2026-11-24 10:00"),
        ("2026-03-07 12:00", "2026-03-08 13:00"),
        ("2026-10-31 12:00", "2026-11-01 11:00"),
    ],
)
def test_high_is_due_within_a_day_of_real_time(policy, office, at, due):
    assert due_at(policy, office, Tier.HIGH, utc(at)) == utc(due)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-23 09:00", "2026-11-23 18:00"),
        ("2026-11-23 08:00", "2026-11-23 18:00"),
        ("2026-11-23 09:01", "2026-11-24 09:01"),
        ("2026-11-23 11:30", "2026-11-24 11:30"),
        ("2026-11-23 12:30", "2026-11-24 12:00"),
        ("2026-11-27 17:00", "2026-11-30 17:00"),
        ("2026-11-28 10:00", "2026-11-30 18:00"),
        ("2026-12-24 17:00", "2026-12-28 17:00"),
        ("2026-03-06 17:00", "2026-03-09 17:00"),
    ],
)
def test_concern_runs_in_staffed_time_only(policy, office, at, due):
    assert due_at(policy, office, Tier.CONCERN, utc(at)) == utc(due)


def test_staffed_time_without_hours_runs_by_the_wall_clock(policy):
    at = utc("2026-11-28 10:00")
    assert due_at(policy, NEVER, Tier.CONCERN, at) == at + timedelta(hours=8)
    assert due_at(policy, NEVER, Tier.ROUTINE, at) == at + timedelta(hours=24)


def test_staffed_time_out_of_reach_runs_by_the_wall_clock(due_data):
    due_data["tiers"]["CONCERN"]["minutes"] = 60 * 24 * 500
    policy = build_policy(due_data, file="due.json")
    hours = Hours(
        time_zone="UTC", weekly={0: (("09:00", "10:00"),)}, holidays=frozenset()
    )
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert due_at(policy, hours, Tier.CONCERN, at) == at + timedelta(days=500)


def test_staffed_and_same_day_ends_at_midnight(policy, office):
    rule = {"minutes": 480, "clock": "staffed", "same_day": True, "source": "A clinic"}
    ours = override(policy, {"CONCERN": rule}, file="clinic")
    at = utc("2026-11-23 17:00")
    assert due_at(ours, office, Tier.CONCERN, at) == utc("2026-11-24 00:00")


def test_promise_counts_from_now_when_staffed(policy, office):
    found = promise(policy, office, Tier.URGENT, utc("2026-11-23 10:00"))
    assert found.staffed_now
    assert found.by == utc("2026-11-23 14:00")


def test_promise_counts_from_the_next_opening_otherwise(policy, office):
    found = promise(policy, office, Tier.URGENT, utc("2026-11-27 20:00"))
    assert not found.staffed_now
    assert found.by == utc("2026-11-30 13:00")


def test_promise_of_a_clinic_without_hours_is_none(policy):
    found = promise(policy, NEVER, Tier.URGENT, utc("2026-11-23 10:00"))
    assert (found.staffed_now, found.by) == (False, None)


START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda seconds: START + timedelta(seconds=seconds)
)
shared = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@shared
@given(at=MOMENTS)
def test_staffed_agrees_with_the_oracle(office, at):
    assert staffed(office, at) == oracle.is_staffed(office, at)
    opening = next_open(office, at)
    assert opening >= at
    assert oracle.is_staffed(office, opening)
    assert (opening == at) == staffed(office, at)


@settings(shared, max_examples=20)
@given(at=MOMENTS.map(lambda at: at.replace(second=0)))
def test_staffed_due_times_agree_with_the_oracle(policy, office, at):
    due = due_at(policy, office, Tier.CONCERN, at)
    assert oracle.staffed_minutes(office, at, due) == 480
    assert oracle.staffed_minutes(office, at, due - timedelta(minutes=1)) == 479


@shared
@given(at=MOMENTS, wait=st.integers(0, 60 * 24 * 7), tier=st.sampled_from(list(Tier)))
def test_due_is_after_now_and_never_runs_backwards(policy, office, at, wait, tier):
    due = due_at(policy, office, tier, at)
    assert due > at
    later = at + timedelta(minutes=wait)
    assert due_at(policy, office, tier, later) >= due


@shared
@given(at=MOMENTS)
def test_promise_is_never_earlier_than_due(policy, office, at):
    said = promise(policy, office, Tier.URGENT, at)
    assert said.staffed_now == staffed(office, at)
    assert said.by is not None
    assert said.by >= due_at(policy, office, Tier.URGENT, at)
