"""Staffed hours across nights, holidays and clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from screening.domain.due import Hours, HoursRefused, build_hours, next_open, staffed
from tests.screening.domain import oracle
from tests.screening.domain.clocks import NEVER, NEW_YORK, utc


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


def test_openings_are_given_in_utc(office):
    opening = next_open(office, utc("2026-11-23 08:00"))
    assert opening.tzinfo is UTC


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
    hours = Hours(time_zone="UTC", weekly={6: windows, 0: ()}, holidays=frozenset())
    assert hours.weekly[6] == windows
