"""A wording that passes, changed in one way that changes the question, passes no more."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.language import gate, neighbours
from tests.screening.language.cast import cases, item_of

pytestmark = pytest.mark.thorough

WINDOW = re.compile(
    r"(?:looking back over|thinking (?:back over|of)|al pensar en"
    r"|over|in|during|within|of|durante|en|de)?\s*"
    r"(?:the |las |los )?(?:(?:last|past) (?:2|two|14) (?:weeks|days)"
    r"|(?:last|past) fortnight|últimas (?:2|dos) semanas|últimos 14 días),?",
    re.IGNORECASE,
)
OTHER_WINDOWS = {
    "en": ("", "lately", "over the last month", "in the past week", "these days"),
    "es": ("", "últimamente", "en el último mes", "en las últimas semanas", "hoy"),
}
TURNED = {"en": ("not", "never", "rarely"), "es": ("no", "nunca", "rara vez")}
OTHER_SYMPTOMS = {
    "en": ("or felt guilty", "or cried", "or had headaches", "or thought of death"),
    "es": ("o se ha sentido culpable", "o ha llorado", "o ha tenido dolores"),
}


def language(case):
    return "es-US" if case["lang"] == "es" else "en"


def passes(text, case):
    item, instrument = item_of(case["concept"], language(case))
    return gate.check_paraphrase(text, item, instrument).passed


@pytest.fixture(scope="module")
def good():
    """Wordings that pass and that name the two weeks."""
    found = [
        case
        for case in cases("gate_wordings")
        if case["passed"] and case["kind"] == "paraphrase"
        if case["concept"] != "functional_difficulty" and WINDOW.search(case["text"])
    ]
    kept = [case for case in found if passes(case["text"], case)]
    assert len(kept) > 130
    return kept


@pytest.fixture(autouse=True)
def rules_alone(monkeypatch):
    monkeypatch.setattr(neighbours, "available", lambda: False)


def test_without_its_two_weeks_no_wording_passes(good):
    for case in good:
        for other in OTHER_WINDOWS[case["lang"]]:
            changed = WINDOW.sub(f" {other} ", case["text"], count=1)
            assert not passes(changed, case), changed


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_turned_round_before_its_symptoms_no_wording_passes(good, data):
    case = data.draw(st.sampled_from(good))
    words = case["text"].split()
    at = data.draw(st.integers(1, len(words) - 1))
    turn = data.draw(st.sampled_from(TURNED[case["lang"]]))
    changed = " ".join([*words[:at], turn, *words[at:]])
    # "Trouble falling asleep or not staying asleep" is said, and means the problem.
    if re.search(r"or (?:to )?not stay|not staying asleep", changed):
        return
    assert not passes(changed, case), changed


def test_with_another_symptom_or_question_no_wording_passes(good):
    for case in good[::4]:
        text = case["text"].rstrip("?")
        for other in OTHER_SYMPTOMS[case["lang"]]:
            assert not passes(f"{text}, {other}?", case)
        assert not passes(case["text"] + "?", case)
        assert not passes(case["text"].replace("?", "."), case)


@pytest.mark.parametrize("start", ["Often", "As your doctor,", "Sadly,", "Dear,"])
def test_with_a_word_that_nothing_explains_no_wording_passes(good, start):
    for case in good[::8]:
        assert not passes(f"{start} {case['text']}", case)
