"""The rules' veto over what a model reads: negation, the opposite, somebody else, zero."""

import pytest

from screening.language import objections
from tests.screening.language.cast import item_of

CLEAR = {
    "en": "the nights keep dragging on like wet cement",
    "es-US": "duermo mal, las noches pesan como cemento mojado",
}


def against(reply: str, value: int, language: str = "en") -> str:
    item, instrument = item_of("sleep", language)
    return objections.objection(reply, value, item, instrument)


@pytest.mark.parametrize("language", sorted(CLEAR))
@pytest.mark.parametrize("value", [1, 2, 3])
@pytest.mark.parametrize("end", ["", ".", " !", "?", ",\n"])
def test_nothing_is_held_against_plain_trouble(language, value, end):
    assert against(CLEAR[language] + end, value, language) == ""


@pytest.mark.parametrize("language", sorted(CLEAR))
def test_zero_is_never_taken_from_a_model(language):
    assert against(CLEAR[language], 0, language)


@pytest.mark.parametrize("value", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("that has not been me, like wet cement", "en"),
        ("my husband has nights like wet cement", "en"),
        ("I feel excited, like a new morning", "en"),
        ("no idea really", "en"),
        ("I slept like a baby", "en"),
        ("me siento de maravilla", "es-US"),
        ("no es lo mío, como cemento", "es-US"),
    ],
)
def test_words_that_turn_it_round_are_held_against_every_option(reply, language, value):
    assert against(reply, value, language)


@pytest.mark.parametrize("value", [1, 3])
def test_another_option_beside_it_is_held_against_it(value):
    assert against("more than half the days", value) == "two_answers"
