"""Spreads, standings, clinician-days, and a data file that is refused."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicians.definitions import ROOT, figures_policy, review_policy
from clinicians.workflow.figures import (
    Clinician,
    Period,
    Standing,
    build_figures_policy,
    clinician_days,
    newest,
    spread,
    standing,
)
from screening.definitions import flag_rules, load_all
from screening.definitions.files import read_json
from screening.domain.hours import Hours, build_hours
from screening.domain.reading import DefinitionError

NOW = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MONDAY = date(2026, 9, 14)
WEEK = Period(first=MONDAY, last=MONDAY + timedelta(days=6))
DATA: dict[str, Any] = read_json(ROOT / "figures.json", ROOT)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_percentiles_are_those_of_the_sorted_list(lengths):
    found = spread(Counter(lengths), smallest=1)
    ranked = sorted(lengths)
    assert found is not None
    assert found.n == len(ranked)
    assert found.median == ranked[ceil(len(ranked) / 2) - 1]
    assert found.p95 == ranked[ceil(len(ranked) * 95 / 100) - 1]
    assert found.longest == ranked[-1]


@pytest.mark.parametrize("lengths", [[], [3] * 10])
def test_of_too_few_there_is_no_spread(lengths):
    assert spread(Counter(lengths), smallest=11) is None


def test_length_that_nobody_took_is_not_the_longest():
    found = spread({3: 2, 9: 0}, smallest=1)
    assert found is not None
    assert found.longest == 3


@pytest.mark.parametrize(
    ("due", "seen", "expected"),
    [
        (HOUR, -HOUR, Standing.IN_TIME),
        (-HOUR, -HOUR, Standing.IN_TIME),
        (-2 * HOUR, -HOUR, Standing.LATE),
        (timedelta(0), None, Standing.OVERDUE),
        (HOUR, None, Standing.AHEAD),
    ],
)
def test_standing(due, seen, expected):
    seen_at = None if seen is None else NOW + seen
    assert standing(due_at=NOW + due, seen_at=seen_at, at=NOW) == expected


def hours(**weekly: Any) -> Hours:
    windows = {str(day): [["09:00", "12:00"], ["13:00", "17:00"]] for day in range(5)}
    return build_hours("America/New_York", windows, ["2026-09-16"], **weekly)


def noon(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour + 4, tzinfo=UTC)


def test_newest_period_ends_today_and_has_whole_days():
    period = newest(7, today=MONDAY)
    assert (period.first, period.last, period.days) == (date(2026, 9, 8), MONDAY, 7)
    begins, ends = period.bounds(hours())
    assert (begins, ends) == (
        datetime(2026, 9, 8, 4, tzinfo=UTC),
        datetime(2026, 9, 15, 4, tzinfo=UTC),
    )


def test_day_on_which_the_clock_changes_is_whole():
    begins, ends = newest(1, today=date(2026, 11, 1)).bounds(hours())
    assert ends - begins == timedelta(hours=25)


def test_days_of_each_clinician_are_counted_while_the_clinic_is_staffed():
    # Five weekdays less a holiday.
    assert clinician_days(hours(), WEEK, [Clinician(since=MONDAY)]) == 4
    assert clinician_days(hours(), WEEK, [Clinician(since=MONDAY)] * 3) == 12
    later = Clinician(since=MONDAY + timedelta(days=3))
    assert clinician_days(hours(), WEEK, [later]) == 2
    assert clinician_days(hours(), WEEK, []) == 0


def test_day_away_counts_only_if_it_is_a_whole_one():
    tuesday = MONDAY + timedelta(days=1)
    afternoon = Clinician(since=MONDAY, away=((noon(MONDAY), noon(MONDAY, 17)),))
    assert clinician_days(hours(), WEEK, [afternoon]) == 4
    all_day = Clinician(since=MONDAY, away=((noon(MONDAY, 9), noon(tuesday)),))
    assert clinician_days(hours(), WEEK, [all_day]) == 3


def test_clinic_without_hours_is_counted_every_day_but_holidays():
    unstaffed = build_hours("America/New_York", {"0": []}, ["2026-09-16"])
    assert clinician_days(unstaffed, WEEK, [Clinician(since=MONDAY)]) == 6


def test_shipped_policy_hides_what_the_cms_hides():
    policy = figures_policy()
    assert (policy.smallest, policy.hidden_most) == (11, 10)
    assert policy.period in policy.periods


def test_every_rule_that_watches_a_safety_item_is_fixed():
    safety = {
        item.link_id for one in load_all().values() for item in one.items if item.safety
    }
    watching = {
        rule.id
        for rule in flag_rules()
        if safety & set(rule.params.get("link_ids", ()))
    }
    assert watching
    assert watching <= figures_policy().fixed_rules


def test_every_end_of_a_case_says_whether_it_tells_of_an_action():
    ends = {one.id: one.led_to_action for one in review_policy().dispositions}
    assert set(ends.values()) == {True, False, None}
    assert ends["emergency"] is True
    assert ends["not-reached"] is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"smallest": 1}, "at least 2"),
        ({"few": 0}, "at least 1"),
        ({"periods": [30, 7]}, "each more than the last"),
        ({"age_hours": []}, "each more than the last"),
        ({"age_hours": [True]}, "each more than the last"),
        ({"period": 8}, "not one of the periods"),
        ({"fixed_rules": ["leeches"]}, "no such rule: leeches"),
    ],
)
def test_data_file_that_cannot_be_used_is_refused(change, sentence):
    with pytest.raises(DefinitionError, match=sentence):
        build_figures_policy(
            {**DATA, **change},
            file="figures.json",
            rules=[rule.id for rule in flag_rules()],
        )
