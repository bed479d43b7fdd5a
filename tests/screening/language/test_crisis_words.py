"""Raw text as plain words: nothing that hides a word changes what is read or shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.language import crisis_words, safety
from screening.language.crisis_book import book


def read(text, language="en"):
    return crisis_words.fold(text, book(language).lexicon).text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("K1LL mys3lf", "kill myself"),
        ("k i l l", "kill"),
        ("d.i.e", "die"),
        ("killmyself", "kill myself"),
        ("un-alive", "unalive"),
        ("k*ll", "kill"),
        ("su!cide", "suicide"),
        ("kiiilll", "kill"),
        ("sucide", "suicide"),
        ("k<b>i</b>ll", "kill"),
        ("don&#39;t", "do not"),
        ("with my mom", "with my mom"),
        ("I hear the hole", "i hear the hole"),
    ],
)
def test_english_words_are_read_as_meant(text, plain):
    assert read(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("kiero bibir", "quiero vivir"),
        ("suisidarme", "suicidarme"),
        ("quieromorir", "quiero morir"),
        ("mañana", "manana"),
        ("mi familia", "mi familia"),
    ],
)
def test_spanish_words_are_read_by_sound(text, plain):
    assert read(text, "es") == plain


def test_line_that_goes_on_small_is_one_sentence_and_a_new_one_is_not():
    assert read("i want\nto die") == "i want to die"
    assert read("my dog died\nI want a cat") == "my dog died | i want a cat"


def test_comma_after_an_answer_ends_it_and_other_commas_do_not():
    assert read("no, i want to") == "no | i want to"
    assert read("tired, i want to") == "tired i want to"


@given(st.text(max_size=200), st.sampled_from(["en", "es"]))
def test_every_word_has_its_place_in_the_raw_text(text, language):
    folded = crisis_words.fold(text, book(language).lexicon)
    assert all(0 <= start < end <= len(text) for _at, start, end in folded.places)
    assert len(folded.places) == len(folded.text.split())


@pytest.mark.parametrize(
    "text",
    [
        "so I want to k\u200bill <i>myself</i> 😔 tonight",
        "QUIERO\nmorirme ya, k i l l m y s e l f",
        "\u202ekill   mys3lf\u202c",
    ],
)
def test_matched_words_stand_in_the_raw_text(text):
    found = safety.find(text, "en")
    assert found.level == "urgent"
    assert all(words in text for words in found.words)


# One Arabic character that spreads to eighteen.
PHRASE = "\ufdfa"


@pytest.mark.parametrize(
    "around", [PHRASE * 4000, f"{PHRASE} " * 2000, "ﬃ" * 4000, "ﬃ " * 6_000]
)
def test_characters_that_spread_cost_no_more_than_a_long_text(around):
    """Four thousand of them took two seconds; what was said around them is found."""
    text = f"I want to kill myself. {around} I want to kill myself."
    folded = crisis_words.fold(text, book("en").lexicon)
    assert len(folded.text) <= 3 * len(text)
    assert folded.text.startswith("i want to kill myself")
    assert folded.text.rstrip("| ").endswith("i want to kill myself")
    assert safety.find(text, "en").level == "urgent"
