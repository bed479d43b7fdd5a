"""Crisis language: found in raw words, in two tiers, with the words and the rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.language import safety
from tests.screening.language.cast import cases

STRANGE = [
    "",
    " ",
    "😀" * 5000,
    "a " * 2500,
    "i want to " * 500,
    "no quiero " * 500,
    "<" * 5000,
    "i " * 2500,
    "!" * 5000,
    "\u202e\u200b\x00",
    "want to be so " * 400,
    "(" * 5000,
    "كل يوم " * 700,
]


@pytest.mark.parametrize(
    "case", cases("safety"), ids=lambda case: f"{case['lang']}-{case['text'][:40]}"
)
def test_find_labelled_text(case):
    found = safety.find(case["text"], case["lang"])
    assert found.level == case["level"], found


def test_find_names_words_rule_and_version():
    found = safety.find("Tired. I want to kill  myself, honestly", "en")
    assert "kill  myself" in found.words
    assert "en-kill-self" in found.rule_ids
    assert found.version.startswith("en-")


@pytest.mark.parametrize(
    "text",
    [
        "i want to k1ll mys3lf",
        "k i l l m y s e l f",
        "I want to d\u200bi\u200be",
        "su\u00adicidal thoughts",
        "I WANT TO KILL MYSELF!!!!",
        "i want to <b>kill</b> myself",
        "ｋｉｌｌ ｍｙｓｅｌｆ",
        "i want to kіll myself",
        "quiero m0rirme",
        "suiciiiide thoughts: thinking about suiiicide",
    ],
)
def test_find_sees_through_disguise(text):
    assert safety.find(text, "en").level == "urgent"


@pytest.mark.parametrize("page", ["en", "es-US", "es-us", "fr"])
def test_find_reads_both_languages_whatever_the_page(page):
    assert safety.find("quiero matarme", page).level == "urgent"
    assert safety.find("I want to kill myself", page).level == "urgent"


def test_find_reads_the_end_of_a_very_long_text():
    text = "I am tired of the noise at work. " * 2000 + "I want to kill myself"
    assert safety.find(text, "en").level == "urgent"


def test_find_denial_of_one_thing_does_not_hide_another():
    text = "I would never take pills but I am going to shoot myself"
    assert safety.find(text, "en").level == "urgent"


@pytest.mark.parametrize("text", STRANGE)
def test_find_strange_text_is_quiet(text):
    assert safety.find(text, "en").level == "none"


@given(st.text(max_size=400), st.sampled_from(["en", "es-US"]))
def test_find_never_fails(text, language):
    assert safety.find(text, language).level in ("none", "concern", "urgent")


@given(st.text(alphabet="abc dé. \n", max_size=60))
def test_find_urgent_words_survive_what_stands_around_them(around):
    text = f"{around} . I want to kill myself . {around}"
    assert safety.find(text, "en").level == "urgent"


def test_find_held_out_texts_are_found_as_often_as_measured():
    """Kept as a regression: the rules of 2026.3 were made with it in sight."""
    kept = cases("crisis_heldout")
    found = [(case["level"], safety.find(case["text"], case["lang"])) for case in kept]
    risky = [got.level for label, got in found if label != "none"]
    urgent = [got.level for label, got in found if label == "urgent"]
    harmless = [got.level for label, got in found if label == "none"]
    assert (len(risky), len(urgent), len(harmless)) == (47, 25, 24)
    assert sum(level != "none" for level in risky) >= 33
    assert urgent.count("urgent") >= 24
    assert harmless.count("urgent") == 0
    assert harmless.count("concern") <= 5


@pytest.mark.parametrize("text", ["i wnat to dei", "kil mysefl", "quiero mroir"])
def test_find_reads_swapped_letters(text):
    assert safety.find(text, "en").level == "urgent"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I take all my pills every day", "none"),
        ("I hung myself out to dry", "none"),
        ("I want to take all my pills with vodka", "urgent"),
        ("I am going to take all my pills", "urgent"),
    ],
)
def test_find_pills_as_prescribed_are_no_overdose(text, level):
    assert safety.find(text, "en").level == level
