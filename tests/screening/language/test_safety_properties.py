"""What must hold of every explicit text, however it is typed and whatever stands by."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.language import safety
from tests.screening.language.cast import cases

pytestmark = pytest.mark.thorough

EXPLICIT = [
    ("I want to kill myself", "en"),
    ("i keep thinking about ending my life", "en"),
    ("I don't want to be alive anymore", "en"),
    ("I have been cutting myself again", "en"),
    ("I tried to overdose last night", "en"),
    ("quiero quitarme la vida", "es"),
    ("ya no quiero vivir", "es"),
    ("anoche intenté suicidarme", "es"),
    ("me estoy cortando los brazos", "es"),
    ("me voy a ahorcar esta noche", "es"),
]
HARMLESS = [
    "I slept badly because of the heat.",
    "My boss moved my shift again.",
    "Several days, mostly at work.",
    "No dormí bien por el calor.",
    "Casi todos los días, por el trabajo.",
    "¿Qué significa esta pregunta?",
]
texts = st.sampled_from(EXPLICIT)
around = st.lists(st.sampled_from(HARMLESS), max_size=4).map(" ".join)


@given(texts, around, around)
def test_harmless_words_around_never_lower_the_level(case, before, after):
    text, language = case
    assert safety.find(f"{before} {text}. {after}", language).level == "urgent"


@given(texts, st.sampled_from([str.upper, str.title, str.lower, str.swapcase]))
def test_case_does_not_matter(case, change):
    text, language = case
    assert safety.find(change(text), language).level == "urgent"


@given(texts)
def test_missing_accents_and_apostrophes_do_not_matter(case):
    text, language = case
    bare = text.replace("'", "").translate(str.maketrans("áéíóúñ", "aeioun"))
    assert safety.find(bare, language).level == "urgent"


@given(texts, st.data())
def test_stretched_letter_does_not_matter(case, data):
    text, language = case
    at = data.draw(st.sampled_from([i for i, c in enumerate(text) if c.isalpha()]))
    stretched = text[:at] + text[at] * 4 + text[at + 1 :]
    assert safety.find(stretched, language).level == "urgent"


@pytest.mark.parametrize(("text", "language"), EXPLICIT)
def test_two_letters_swapped_are_still_a_sign(text, language):
    """Of the slips in the long words nine in ten stay urgent, and all are seen."""
    slips = [
        text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        for at in range(1, len(text) - 2)
        if text[at - 1 : at + 3].isalpha() and text[at] != text[at + 1]
    ]
    urgent = [safety.find(slip, language).level == "urgent" for slip in slips]
    assert sum(urgent) >= 0.75 * len(urgent)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I would never kill myself", "en"),
        ("I have no plan to kill myself", "en"),
        ("my brother wants to die", "en"),
        ("I tried to kill myself twenty years ago", "en"),
        ("what does thoughts of suicide mean", "en"),
        ("nunca he pensado en matarme", "es"),
        ("mi hermana dice que quiere morirse", "es"),
        ("intenté matarme hace veinte años", "es"),
    ],
)
def test_denied_anothers_past_or_asked_is_a_concern_and_never_nothing(text, language):
    assert safety.find(text, language).level == "concern"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I can't promise I won't kill myself", "en"),
        ("no, I want to die", "en"),
        ("not at all, I just want to die", "en"),
        ("para nada, me quiero morir", "es"),
        ("I never wanted to die before but now I do, I want to die", "en"),
        ("no dejo de pensar en matarme", "es"),
        ("no, quiero morirme", "es"),
        ("no es broma, me voy a matar", "es"),
    ],
)
def test_a_no_that_denies_nothing_lowers_nothing(text, language):
    assert safety.find(text, language).level == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "i want to " * 2000,
        "no quiero " * 2000,
        "i have the pills in my " * 900,
        "de que ya me " * 1500,
        "think about the way of " * 900,
        "no hay razon para que " * 900,
        "k*" * 10000,
        "<a" * 10000,
        "&am" * 7000,
        "x" * 20000,
        "| ; . ! " * 2500,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_of_20_000_characters_holds_a_turn_up(text):
    safety.watch("warm", "en")
    began = time.process_time()
    safety.watch(text[:20_000], "en")
    assert time.process_time() - began < 12


def test_one_sentence_in_a_long_story_is_found_by_rule_and_by_example():
    story = "The bus was late and my boss moved my shift again. " * 40
    for sentence in ("I want to kill myself. ", "My kids would do better without me. "):
        assert safety.watch(story + sentence + story, "en").level != "none"


def test_same_text_gives_the_same_finding_every_time():
    text = "they would all get along better if I were out of the picture"
    assert len({safety.watch(text, "en") for _ in range(5)}) == 1


def _rows(level):
    return [row for row in cases("crisis_more") if row["level"] == level]


@pytest.mark.parametrize("language", ["en", "es"])
def test_explicit_texts_of_the_rules_making_stay_urgent(language):
    rows = [row for row in _rows("urgent") if row["lang"] == language]
    urgent = [safety.find(row["text"], language).level == "urgent" for row in rows]
    assert len(rows) > 250
    assert sum(urgent) >= 0.95 * len(rows)


def test_harmless_texts_of_the_rules_making_stay_quiet():
    levels = [safety.find(row["text"], row["lang"]).level for row in _rows("none")]
    assert levels.count("urgent") <= 0.02 * len(levels)
    assert levels.count("concern") <= 0.1 * len(levels)
