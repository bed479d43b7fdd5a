"""For which days figures are asked: what is offered, what is read, what is refused."""

from datetime import date

import pytest

from clinicians.presenters.figures.period import read_period

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ({}, date(2026, 8, 17), TODAY),
        ({"days": "7"}, date(2026, 9, 9), TODAY),
        (
            {"from": "2026-09-01", "to": "2026-09-01"},
            date(2026, 9, 1),
            date(2026, 9, 1),
        ),
        ({"from": " 2025-09-15 ", "to": "2026-09-15"}, date(2025, 9, 15), TODAY),
        # Days of one's own go before what is offered.
        (
            {"days": "7", "from": "2026-09-14", "to": "2026-09-15"},
            date(2026, 9, 14),
            TODAY,
        ),
    ],
)
def test_days_are_read(given, first, last):
    chosen = read_period(given, today=TODAY)
    assert (chosen.period.first, chosen.period.last) == (first, last)
    assert not chosen.problems


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"days": "8"}, "“8” is not one of the periods offered."),
        ({"from": "2026-09-01"}, "Give both the first and the last day"),
        ({"from": "yesterday", "to": "2026-09-15"}, "as 2026-09-15."),
        ({"from": "2026-09-02", "to": "2026-09-01"}, "comes after the last one."),
        ({"from": "2026-09-02", "to": "2026-09-16"}, "The last day is still ahead."),
        ({"from": "2025-09-14", "to": "2026-09-15"}, "Choose at most 366 days"),
    ],
)
def test_days_that_cannot_be_are_said(given, sentence):
    chosen = read_period(given, today=TODAY)
    assert sentence in chosen.problems[0]
    assert "The last 30 days are shown." in chosen.problems[0]
    assert chosen.period.first == date(2026, 8, 17)


def test_address_of_the_same_days_is_kept():
    assert read_period({"days": "90"}, today=TODAY).query == "days=90"
    own = read_period({"from": "2026-09-01", "to": "2026-09-14"}, today=TODAY)
    assert own.query == "from=2026-09-01&to=2026-09-14"
    assert own.words == "1 Sep 2026 to 14 Sep 2026"


def test_period_that_is_shown_is_the_current_one():
    offers = list(read_period({"days": "7"}, today=TODAY).offers("/p/", more="&x=1"))
    assert [one.text for one in offers if one.current] == ["7 days"]
    assert offers[1].href == "/p/?days=30&x=1"
