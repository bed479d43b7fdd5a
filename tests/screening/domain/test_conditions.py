"""The small language that says when an item is asked."""

import pytest

from screening.domain.conditions import ConditionUnclear, parse_condition


@pytest.mark.parametrize(
    ("text", "items", "least", "declined"),
    [
        ("any scored item >= 1", None, 1, False),
        ("any scored item >= 12", None, 12, False),
        ("any of a >= 2", ("a",), 2, False),
        ("any of /1-2, b >= 1 or declined", ("/1-2", "b"), 1, True),
    ],
)
def test_parse_condition(text, items, least, declined):
    found = parse_condition(text)
    assert (found.items, found.at_least) == (items, least)
    assert found.or_declined is declined


@pytest.mark.parametrize(
    "text", ["", "any of  >= 1", "any scored item > 1", "any of a >= 1 or"]
)
def test_parse_condition_refuses_other_words(text):
    with pytest.raises(ConditionUnclear):
        parse_condition(text)


def test_condition_counts_a_refusal_only_if_it_says_so():
    plain = parse_condition("any of a >= 1")
    assert not plain.holds((), {"a": None})
    assert parse_condition("any of a >= 1 or declined").holds((), {"a": None})
    assert not parse_condition("any of a >= 1 or declined").holds((), {})
    assert parse_condition("any scored item >= 2").holds(("a", "b"), {"b": 2})
    assert not parse_condition("any scored item >= 2").holds(("a",), {"a": 1, "b": 3})
