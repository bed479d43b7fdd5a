"""Flags of answers, words and abandoned screenings."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.flags import (
    Tier,
    on_answer,
    on_call_asked,
    on_stop,
    on_words,
    tier_rank,
)

ITEM_9 = "/44260-8"


def test_tiers_are_ranked_for_work():
    assert [tier_rank(tier) for tier in Tier] == [0, 1, 2, 3]
    assert [tier.value for tier in Tier] == ["URGENT", "HIGH", "ROUTINE", "CONCERN"]


@pytest.mark.parametrize(
    ("value", "option"),
    [(1, "Several days"), (2, "More than half the days"), (3, "Nearly every day")],
)
def test_item_9_above_zero_is_urgent(rules, phq9, value, option):
    (flag,) = on_answer(rules, phq9, ITEM_9, value)
    assert (flag.rule, flag.tier, flag.version) == ("item-9", Tier.URGENT, "2026.2")
    assert flag.title == "Item 9 answered above zero"
    assert flag.key == "item-9:/44260-8"
    assert flag.evidence.detail == f'PHQ-9 item 9: "{option}" (value {value})'
    assert flag.evidence.to_dict() == {
        "detail": flag.evidence.detail,
        "link_id": ITEM_9,
        "item_text": phq9.item(ITEM_9).text,
        "value": value,
        "option_text": option,
        "words": None,
    }


def test_each_request_for_a_call_is_a_flag_of_its_own(rules):
    first, again = (on_call_asked(rules, before=n) for n in (0, 1))
    assert [(f.rule, f.tier, f.key) for f in (*first, *again)] == [
        ("call-asked", Tier.URGENT, "call-asked:1"),
        ("call-asked", Tier.URGENT, "call-asked:2"),
    ]


def test_item_9_declined_is_high(rules, phq9):
    (flag,) = on_answer(rules, phq9, ITEM_9, None)
    assert (flag.rule, flag.tier) == ("item-9-declined", Tier.HIGH)
    assert flag.evidence.value is None
    assert flag.evidence.option_text is None
    assert flag.evidence.detail == "PHQ-9 item 9: declined"


@pytest.mark.parametrize("value", [0, 1, 2, 3, None])
def test_other_answers_raise_nothing(rules, phq9, value):
    for item in phq9.items:
        if item.link_id != ITEM_9:
            assert on_answer(rules, phq9, item.link_id, value) == ()
    assert on_answer(rules, phq9, ITEM_9, 0) == ()


@pytest.mark.parametrize("link_id", ["asq-1", "asq-2", "asq-3", "asq-4", "asq-5"])
@pytest.mark.parametrize(
    ("value", "rule"), [(1, "asq-positive"), (None, "asq-refused")]
)
def test_asq_positive_or_refused_is_urgent(rules, asq, link_id, value, rule):
    (flag,) = on_answer(rules, asq, link_id, value)
    assert (flag.rule, flag.tier) == (rule, Tier.URGENT)
    assert flag.key == f"{rule}:{link_id}"
    assert on_answer(rules, asq, link_id, 0) == ()


@pytest.mark.parametrize(
    ("level", "rule", "tier"),
    [
        ("urgent", "crisis-words-urgent", Tier.URGENT),
        ("concern", "crisis-words-concern", Tier.CONCERN),
        ("model", "model-concern", Tier.CONCERN),
    ],
)
def test_words_raise_their_level(rules, level, rule, tier):
    (flag,) = on_words(rules, level, ("some words",), ("en-1", "en-2"))
    assert (flag.rule, flag.tier) == (rule, tier)
    assert flag.evidence.words == ("some words",)
    assert flag.evidence.to_dict()["words"] == ["some words"]
    assert flag.evidence.detail == "Found by en-1, en-2"


def test_words_key_names_the_language_rules(rules):
    first, again, other = (
        on_words(rules, "urgent", (words,), ids)[0].key
        for words, ids in (("a", ("x", "y")), ("b", ("y", "x")), ("a", ("xy",)))
    )
    assert first == again != other
    assert first == "crisis-words-urgent:9ab9de25768ac172"


def test_words_without_language_rules(rules):
    (flag,) = on_words(rules, "model", ("words",), ())
    assert flag.evidence.detail == "Found in the words"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("stopped", "the patient then stopped"),
        ("expired", "the screening then expired unfinished"),
        ("withdrawn", "the patient then withdrew"),
    ],
)
def test_stopping_after_item_9_is_flagged(rules, phq9, how, words):
    (flag,) = on_stop(rules, phq9, {"/44250-9": 3, ITEM_9: 2}, how=how)
    assert (flag.rule, flag.tier) == ("item-9-then-stopped", Tier.HIGH)
    assert flag.key == "item-9-then-stopped:/44260-8"
    assert flag.evidence.value == 2
    assert flag.evidence.detail == (
        f'PHQ-9 item 9: "More than half the days" (value 2); {words}'
    )


def test_stopping_after_declining_item_9_is_flagged(rules, phq9):
    (flag,) = on_stop(rules, phq9, {ITEM_9: None}, how="withdrawn")
    assert flag.evidence.detail == "PHQ-9 item 9: declined; the patient then withdrew"
    assert len(on_stop(rules, phq9, {ITEM_9: 1}, how="expired")) == 1


@pytest.mark.parametrize("answers", [{}, {ITEM_9: 0}, {"/44250-9": 3}])
def test_stopping_otherwise_is_not_flagged(rules, phq9, answers):
    assert on_stop(rules, phq9, answers, how="stopped") == ()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=1, max_size=6))
def test_no_flag_is_lowered_by_a_later_answer(rules, phq9, values):
    """What is raised depends on the answer alone, so changing it takes nothing back."""
    kept: set[str] = set()
    for value in values:
        before = set(kept)
        kept |= {flag.key for flag in on_answer(rules, phq9, ITEM_9, value)}
        assert before <= kept
    assert ("item-9:/44260-8" in kept) == any(values)
