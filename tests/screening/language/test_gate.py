"""The gate: everything shipped passes, everything bad in a named way fails that way."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import definitions
from screening.domain.wordings import Level
from screening.language import gate, wording
from tests.screening.language.cast import cases, item_of

SHIPPED = [
    pytest.param(item, instrument, id=f"{key[0]}-{key[1]}-{item.concept}")
    for key, instrument in sorted(definitions.load_all().items())
    for item in instrument.items
]


@pytest.mark.parametrize(("item", "instrument"), SHIPPED)
def test_every_shipped_help_text_passes_its_own_gate(item, instrument):
    simpler = [wording.wording(item, instrument, level) for level in Level]
    explanation = wording.explanation(item, instrument)
    if not item.wordable:
        assert (simpler, explanation) == ([None, None], None)
        return
    for found in simpler:
        assert gate.check_paraphrase(found.text, item, instrument).failures == ()
    assert gate.check_explanation(explanation.text, item, instrument).failures == ()


@pytest.mark.parametrize(("item", "instrument"), SHIPPED)
def test_a_text_passes_for_no_other_item(item, instrument):
    """A wording beneath the wrong item would change the question."""
    for other, level in itertools.product(instrument.items, Level):
        found = wording.wording(other, instrument, level)
        if found and other.concept != item.concept:
            assert not gate.check_paraphrase(found.text, item, instrument).passed


@pytest.mark.parametrize(("item", "instrument"), SHIPPED)
def test_the_official_question_passes_in_english(item, instrument):
    if instrument.language != "en" or not item.wordable:
        return
    verdict = gate.check_paraphrase(asked(item), item, instrument)
    assert verdict.failures == ()


def asked(item):
    """The official words, as one question the way a person would read it out."""
    if item.kind == "difficulty":
        return item.text
    inner = item.text.replace("noticed?", "noticed,").rstrip("?")
    inner = inner[0].lower() + inner[1:]
    return f"Over the last 2 weeks, how often have you been bothered by {inner}?"


@pytest.mark.parametrize(
    "case",
    cases("gate"),
    ids=lambda case: f"{case['lang']}-{case['fails'] or 'good'}-{case['text'][:40]}",
)
def test_check_labelled_text(case):
    item, instrument = item_of(case["concept"], case["lang"])
    verdict = CHECKS[case["kind"]](case["text"], item, instrument)
    if not case["fails"]:
        assert verdict.failures == ()
    else:
        assert case["fails"] in verdict.checks


CHECKS = {"paraphrase": gate.check_paraphrase, "explanation": gate.check_explanation}


@pytest.mark.parametrize("concept", ["death_or_self_harm", "killing_self"])
def test_a_safety_item_is_refused_whatever_the_text(concept):
    item, instrument = item_of(concept)
    for text in ("", item.text, wording.plainer(*item_of("mood")).text):
        for check in CHECKS.values():
            assert check(text, item, instrument).checks == ("never_worded",)


def test_a_verdict_names_the_words_as_written():
    item, instrument = item_of("energy")
    text = "This is about feeling TIRED. You Should rest in the last 2 weeks."
    verdict = gate.check_explanation(text, item, instrument)
    assert gate.Failure("advice", "You Should") in verdict.failures


@pytest.mark.parametrize("kind", CHECKS)
@given(st.text(max_size=300))
def test_random_text_never_passes_and_never_fails_to_answer(kind, text):
    item, instrument = item_of("sleep")
    assert not CHECKS[kind](text, item, instrument).passed


@pytest.mark.parametrize(
    "text", ["a " * 5000, "how often " * 500, "?" * 5000, "\u202e"]
)
def test_long_or_strange_text_is_refused(text):
    item, instrument = item_of("psychomotor")
    assert not gate.check_paraphrase(text, item, instrument).passed
