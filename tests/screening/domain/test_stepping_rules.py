"""The steps as data and as a plan: what cannot be used is refused, places are kept."""

from dataclasses import replace

import pytest

from screening.domain.reading import DefinitionError
from screening.domain.stepping_plan import plan
from screening.domain.stepping_rules import build_stepping, check_stepping
from tests.screening.domain.conftest import SHIPPED, read

FILE = "stepping.json"


def first_step(**changed):
    data = read(SHIPPED / "rules" / FILE)
    data["steps"] = [{**data["steps"][0], **changed}]
    return data


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"items": []}, "needs at least one item"),
        ({"cut": 0}, "must be at least 1"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_step_that_cannot_be_read_is_refused(changed, reason):
    with pytest.raises(DefinitionError, match=reason):
        build_stepping(first_step(**changed), file=FILE)


def test_forms_in_other_words_are_no_step(load):
    rules = build_stepping(first_step(), file=FILE)
    other = replace(load("phq-9"), instruction="Over the last month, how often?")
    reasons = [
        e.reason for e in check_stepping(rules, [load("phq-2"), other], file=FILE)
    ]
    assert reasons == ["the two forms ask in other words"]
    assert [
        p.instrument.id
        for p in plan([load("phq-2")], rules, {"phq-9": other}, always=True)
    ] == ["phq-2"]


def test_item_of_the_short_form_needs_no_asking_all_the_same(load):
    always = ["/44260-8", "/44250-9"]
    rules = build_stepping(first_step(always=always), file=FILE)
    reasons = [
        e.reason
        for e in check_stepping(rules, [load("phq-2"), load("phq-9")], file=FILE)
    ]
    assert reasons == ["an item asked all the same is in the short form already"]


def test_what_followed_already_still_follows_from_its_own_short_form(load, step_rules):
    """The second rule read first: its longer form moves on by one, and its pointer."""
    phq, gad = step_rules[:2]
    longer = {name: load(name) for name in ("phq-9", "gad-7")}
    short = [load("phq-2"), load("gad-2")]
    for rules in ((phq, gad), (gad, phq)):
        planned = plan(short, rules, longer, always=True)
        assert [p.instrument.id for p in planned] == [
            "phq-2",
            "phq-9",
            "gad-2",
            "gad-7",
        ]
        assert [p.follows.of if p.follows else None for p in planned] == [
            None,
            0,
            None,
            2,
        ]
