"""Due times, staffed hours and promises, across nights, holidays and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.due import (
    Clock,
    Hours,
    HoursRefused,
    build_hours,
    build_policy,
    due_at,
    next_open,
    override,
    promise,
    staffed,
)
from screening.domain.flags import Tier
from screening.domain.instruments import DefinitionError
from tests.screening.domain import oracle
from tests.screening.domain.conftest import SHIPPED, read

NEW_YORK = "America/New_York"
OFFICE = dict.fromkeys(range(5), (("09:00", "12:00"), ("13:00", "18:00")))
NEVER = Hours(time_zone=NEW_YORK, weekly={}, holidays=frozenset())


def utc(text, zone=NEW_YORK):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture
def office():
    christmas = frozenset({date(2026, 12, 25)})
    return Hours(time_zone=NEW_YORK, weekly=OFFICE, holidays=christmas)


@pytest.fixture
def due_data():
    return read(SHIPPED / "rules" / "due.json")


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


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 11:59", True),
        ("2026-11-23 12:00", False),
        ("2026-11-23 13:00", True),
        ("2026-11-23 18:00", False),
        ("2026-11-28 10:00", False),
        ("2026-12-25 10:00", False),
    ],
)
def test_staffed(office, at, expected):
    assert staffed(office, utc(at)) is oracle.is_staffed(office, utc(at)) is expected
    assert staffed(NEVER, utc(at)) is False


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 12:00", "2026-11-23 13:00"),
        ("2026-11-23 18:00", "2026-11-24 09:00"),
        ("2026-11-27 19:00", "2026-11-30 09:00"),
        ("2026-12-24 18:00", "2026-12-28 09:00"),
    ],
)
def test_next_open(office, at, opens):
    assert next_open(office, utc(at)) == utc(opens)
    assert next_open(NEVER, utc(at)) is None


def test_next_open_looks_past_a_year_of_holidays():
    start = date(2026, 1, 1)
    closed = frozenset(start + timedelta(days=n) for n in range(399))
    every_day = dict.fromkeys(range(7), (("00:00", "24:00"),))
    hours = Hours(time_zone="UTC", weekly=every_day, holidays=closed)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert next_open(hours, at) == datetime(2027, 2, 4, tzinfo=UTC)
    later = Hours(
        time_zone="UTC", weekly=every_day, holidays=closed | {date(2027, 2, 4)}
    )
    assert next_open(later, at) is None


def test_round_the_clock_is_always_staffed():
    weekly = dict.fromkeys(range(7), (("00:00", "24:00"),))
    hours = Hours(time_zone=NEW_YORK, weekly=weekly, holidays=frozenset())
    for at in ("2026-03-08 00:00", "2026-03-08 03:00", "2026-11-01 23:59"):
        assert staffed(hours, utc(at))


def test_a_window_swallowed_by_the_clock_change_is_not_staffed():
    weekly = {6: (("02:00", "03:00"), ("04:00", "05:00"))}
    hours = Hours(time_zone=NEW_YORK, weekly=weekly, holidays=frozenset())
    at = utc("2026-03-08 01:00")
    assert next_open(hours, at) == utc("2026-03-08 04:00")


def test_a_night_doubled_by_the_clock_change_counts_in_full():
    weekly = {6: (("00:00", "04:00"),)}
    hours = Hours(time_zone=NEW_YORK, weekly=weekly, holidays=frozenset())
    start, end = utc("2026-11-01 00:00"), utc("2026-11-01 04:00")
    assert end - start == timedelta(hours=5)
    assert oracle.staffed_minutes(hours, start, end) == 300


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


def test_policy_is_proposed_and_sourced(policy):
    assert policy.version == "2026.1"
    assert policy.review_state == "proposed, for your clinical lead to confirm"
    assert (policy.reviewed_by, policy.reviewed_on) == (None, None)
    assert set(policy.tiers) == set(Tier)
    assert all(rule.source for rule in policy.tiers.values())
    assert policy.tiers[Tier.URGENT].same_day
    assert policy.tiers[Tier.URGENT].clock == Clock.WALL


def test_policy_reads_its_review(due_data):
    due_data |= {"review_state": "reviewed by a clinician"}
    due_data |= {"reviewed_by": "A", "reviewed_on": "2026-02-01"}
    policy = build_policy(due_data, file="due.json")
    assert policy.review_state == "reviewed by a clinician"
    assert (policy.reviewed_by, policy.reviewed_on) == ("A", "2026-02-01")


@pytest.mark.parametrize(
    ("path", "value", "place", "reason"),
    [
        (("colour",), "red", "colour", "unknown key"),
        (("about",), "", "about", "must be text that is not empty"),
        (("version",), 1, "version", "must be text that is not empty"),
        (("tiers", "LOW"), {}, "tiers.LOW", "unknown key"),
        (("tiers", "HIGH", "minutes"), 0, "tiers.HIGH.minutes", "must be at least 1"),
        (
            ("tiers", "HIGH", "clock"),
            "sun",
            "tiers.HIGH.clock",
            "is not one of: wall, staffed",
        ),
        (
            ("tiers", "HIGH", "same_day"),
            1,
            "tiers.HIGH.same_day",
            "must be true or false",
        ),
        (
            ("tiers", "HIGH", "source"),
            "",
            "tiers.HIGH.source",
            "must be text that is not empty",
        ),
        (("tiers", "HIGH", "extra"), 1, "tiers.HIGH.extra", "unknown key"),
        (("tiers", "HIGH"), None, "tiers.HIGH", "must be an object"),
    ],
)
def test_build_policy_refuses(due_data, path, value, place, reason):
    target = due_data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(DefinitionError) as caught:
        build_policy(due_data, file="due.json")
    error = caught.value
    assert (error.file, error.place, error.reason) == ("due.json", place, reason)


def test_build_policy_needs_every_tier(due_data):
    del due_data["tiers"]["CONCERN"]
    with pytest.raises(DefinitionError, match="due.json: tiers.CONCERN: missing"):
        build_policy(due_data, file="due.json")


def test_override_changes_one_tier_only(policy):
    rule = {"minutes": 1, "clock": "wall", "same_day": False, "source": "A clinic"}
    ours = override(policy, {"URGENT": rule}, file="clinic")
    assert ours.tiers[Tier.URGENT].minutes == 1
    assert ours.tiers[Tier.HIGH] == policy.tiers[Tier.HIGH]
    assert policy.tiers[Tier.URGENT].minutes == 240
    assert override(policy, {}, file="clinic") == policy


def test_override_is_read_as_strictly(policy):
    with pytest.raises(DefinitionError) as caught:
        override(policy, {"SOON": {}}, file="clinic")
    assert caught.value.place == "SOON"
    assert caught.value.reason == "is not one of: URGENT, HIGH, ROUTINE, CONCERN"
    with pytest.raises(DefinitionError, match="clinic: URGENT.minutes: missing"):
        override(policy, {"URGENT": {}}, file="clinic")


def test_build_hours_reads_settings():
    hours = build_hours("UTC", {"0": [["09:00", "17:00"]]}, ["2026-12-25"])
    assert hours.weekly == {0: (("09:00", "17:00"),)}
    assert hours.holidays == {date(2026, 12, 25)}
    assert hours.time_zone == "UTC"


@pytest.mark.parametrize(
    ("staffed_hours", "holidays"),
    [
        ({"monday": []}, []),
        ({"0": [["09:00"]]}, []),
        ({"0": 9}, []),
        ({}, ["Christmas"]),
        ({}, [20261225]),
    ],
)
def test_build_hours_refuses_other_shapes(staffed_hours, holidays):
    with pytest.raises(HoursRefused) as caught:
        build_hours("UTC", staffed_hours, holidays)
    assert str(caught.value) == (
        'Write hours as {"0": [["09:00", "17:00"]]}, 0 being Monday, '
        'and holidays as ["2026-12-25"].'
    )


@pytest.mark.parametrize(
    ("zone", "weekly", "sentence"),
    [
        ("Mars/Base", {}, "There is no time zone 'Mars/Base'."),
        ("../etc", {}, "There is no time zone '../etc'."),
        ("UTC", {7: ()}, "Weekdays are 0 (Monday) to 6, not 7."),
        ("UTC", {-1: ()}, "Weekdays are 0 (Monday) to 6, not -1."),
        (
            "UTC",
            {0: (("9:00", "17:00"),)},
            "Write times as 09:00, not '9:00' or '17:00'.",
        ),
        (
            "UTC",
            {0: (("09:00", "17:60"),)},
            "Write times as 09:00, not '09:00' or '17:60'.",
        ),
        (
            "UTC",
            {0: (("09:00", "24:01"),)},
            "Write times as 09:00, not '09:00' or '24:01'.",
        ),
        (
            "UTC",
            {0: (("22:00", "06:00"),)},
            "22:00 to 06:00 ends before it begins; split a night at 24:00.",
        ),
        (
            "UTC",
            {0: (("09:00", "09:00"),)},
            "09:00 to 09:00 ends before it begins; split a night at 24:00.",
        ),
        (
            "UTC",
            {0: (("09:00", "13:00"), ("12:00", "17:00"))},
            "The windows ending 13:00 and from 12:00 overlap.",
        ),
    ],
)
def test_hours_refuse_what_cannot_be(zone, weekly, sentence):
    with pytest.raises(HoursRefused) as caught:
        Hours(time_zone=zone, weekly=weekly, holidays=frozenset())
    assert str(caught.value) == sentence


def test_hours_accept_the_edges():
    windows = (("00:00", "12:00"), ("12:00", "24:00"))
    assert Hours(time_zone="UTC", weekly={6: windows, 0: ()}, holidays=frozenset())


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
    assert said.by >= due_at(policy, office, Tier.URGENT, at)
