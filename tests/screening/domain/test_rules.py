"""The flag rules: read strictly, and checked against the instruments."""

from dataclasses import replace

import pytest

from screening.domain.flags import Tier, build_rules, check_rules
from screening.domain.instruments import DefinitionError
from screening.domain.reading import PROPOSED, REVIEWED
from tests.screening.domain.conftest import shipped

SHIPPED = ("asq", "gad-2", "gad-7", "phq-2", "phq-4", "phq-8", "phq-9")
IDS = {
    *("item-9", "item-9-declined", "item-9-then-stopped"),
    *("asq-positive", "asq-refused"),
    *("crisis-words-urgent", "crisis-words-concern", "model-concern"),
    *("phq-9-cut", "phq-9-moderately-severe", "phq-9-severe"),
    *("phq-8-cut", "phq-8-moderately-severe", "phq-8-severe"),
    *("gad-7-cut", "gad-7-severe", "phq-2-positive", "gad-2-positive"),
    *("phq-4-anxiety", "phq-4-depression"),
    *("worsening-last", "worsening-baseline", "call-asked"),
}
URGENT = {
    *("item-9", "asq-positive", "asq-refused", "crisis-words-urgent"),
    "call-asked",
}


@pytest.fixture
def instruments():
    return [shipped(instrument_id) for instrument_id in SHIPPED]


def faults(rules, instruments):
    found = check_rules(rules, instruments, file="flags.json")
    return [(error.file, error.place, error.reason) for error in found]


def change(rules, rule_id, **params):
    return [
        replace(rule, params={**rule.params, **params}) if rule.id == rule_id else rule
        for rule in rules
    ]


def test_rules_are_the_decided_ones(rules):
    assert {rule.id for rule in rules} == IDS
    assert {rule.id for rule in rules if rule.tier == Tier.URGENT} == URGENT


def test_rules_are_honest_about_review(rules):
    assert {rule.review_state for rule in rules} == {PROPOSED}
    assert {(rule.reviewed_by, rule.reviewed_on) for rule in rules} == {(None, None)}
    assert all(rule.source and rule.version == "2026.2" for rule in rules)


def test_rule_reads_its_review(rules_data):
    review = {"review_state": REVIEWED, "reviewed_by": "A", "reviewed_on": "2026-02-01"}
    rules_data["rules"][0] |= review
    rule = build_rules(rules_data, file="flags.json")[0]
    assert (rule.review_state, rule.reviewed_by) == (REVIEWED, "A")
    assert rule.reviewed_on == "2026-02-01"


def test_shipped_rules_have_no_fault(rules, instruments):
    assert faults(rules, instruments) == []


@pytest.mark.parametrize(
    ("index", "changes", "place", "reason"),
    [
        (0, {"colour": "red"}, "rules[0].colour", "unknown key"),
        (
            0,
            {"tier": "LOW"},
            "rules[0].tier",
            "is not one of: URGENT, HIGH, ROUTINE, CONCERN",
        ),
        (1, {"title": " "}, "rules[1].title", "must be text that is not empty"),
        (1, {"source": None}, "rules[1].source", "must be text that is not empty"),
        (
            0,
            {"params": {}},
            "rules[0].params.link_ids",
            "missing; write null if there is none",
        ),
        (
            0,
            {"params": {"link_ids": ["a"], "at_least": "1"}},
            "rules[0].params.at_least",
            "must be a whole number",
        ),
        (
            1,
            {"params": {"link_ids": []}},
            "rules[1].params.link_ids",
            "needs at least one item",
        ),
        (
            5,
            {"params": {"level": "loud"}},
            "rules[5].params.level",
            "is not one of: urgent, concern, model",
        ),
        (
            20,
            {"params": {"against": "mean"}},
            "rules[20].params.against",
            "is not one of: last, baseline",
        ),
        (1, {"id": "item-9"}, "rules", "duplicate rule id item-9"),
        (0, {"review_state": "fine"}, "rules[0].review_state", None),
    ],
)
def test_build_rules_refuses(rules_data, index, changes, place, reason):
    rules_data["rules"][index] |= changes
    with pytest.raises(DefinitionError) as caught:
        build_rules(rules_data, file="flags.json")
    assert (caught.value.file, caught.value.place) == ("flags.json", place)
    assert reason in (None, caught.value.reason)


def test_build_rules_refuses_unknown_kind(rules_data):
    rules_data["rules"][0]["kind"] = "hunch"
    with pytest.raises(
        DefinitionError, match="is not one of: answer_at_least, "
    ) as caught:
        build_rules(rules_data, file="flags.json")
    assert caught.value.place == "rules[0].kind"


@pytest.mark.parametrize("key", ["about", "version"])
def test_build_rules_needs_its_head(rules_data, key):
    rules_data[key] = ""
    with pytest.raises(DefinitionError, match=f"flags.json: {key}: must be text"):
        build_rules(rules_data, file="flags.json")


@pytest.mark.parametrize(
    ("rule_id", "params", "reason"),
    [
        ("item-9", {"at_least": 4}, "item /44260-8 has no option 4"),
        (
            "item-9-then-stopped",
            {"link_ids": ["/1-1"]},
            "no instrument has the item /1-1",
        ),
        ("phq-9-cut", {"instrument": "phq-7"}, "no instrument phq-7"),
        ("phq-9-cut", {"instrument": "asq"}, "asq has no cut point"),
        ("phq-2-positive", {"instrument": "phq-4"}, "phq-4 has no cut point"),
        ("phq-9-severe", {"band": "Grave"}, "phq-9 has no band Grave"),
        ("phq-4-anxiety", {"subscale": "anger"}, "phq-4 has no subscale anger"),
        ("phq-4-anxiety", {"longer_forms": ["gad-8"]}, "no instrument gad-8"),
    ],
)
def test_check_rules_finds_what_watches_nothing(
    rules, instruments, rule_id, params, reason
):
    found = faults(change(rules, rule_id, **params), instruments)
    assert found == [("flags.json", f"rules {rule_id}", reason)]


@pytest.mark.parametrize("rule_id", ["item-9", "item-9-declined"])
def test_check_rules_finds_a_safety_item_that_nobody_watches(
    rules, instruments, rule_id
):
    kept = [rule for rule in rules if rule.id != rule_id]
    reason = "nothing flags safety item /44260-8 of phq-9"
    assert faults(kept, instruments) == [("flags.json", "rules", reason)]


def test_check_rules_finds_that_a_request_for_a_call_goes_nowhere(rules, instruments):
    kept = [rule for rule in rules if rule.kind != "call_asked"]
    reason = "nothing flags that a patient asks to be called"
    assert faults(kept, instruments) == [("flags.json", "rules", reason)]


def test_check_rules_names_every_unwatched_item(rules, instruments):
    kept = [rule for rule in rules if rule.id != "asq-refused"]
    assert len(faults(kept, instruments)) == 5
