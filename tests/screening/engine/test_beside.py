"""Words beside a tapped option that name another: asked about, nothing lost."""

from collections.abc import Callable

import pytest

from screening.models import Answer, Flag, Turn
from tests.screening.conftest import ITEM_9, Walk

ITEM_3 = "/44259-0"


@pytest.mark.parametrize(
    ("language", "tapped", "words"),
    [
        ("en", 0, "nearly every day"),
        ("en", 3, "not at all"),
        ("en", 0, "7 days"),
        ("en", None, "about 3 days"),
        ("es-US", 0, "casi todos los días"),
    ],
)
def test_two_answers_at_once_are_asked_about(
    walk: Callable[..., Walk], language, tapped, words
) -> None:
    walking = walk(language=language)
    more = {"declined": True} if tapped is None else {"value": tapped}
    outcome = walking.say(ITEM_3, words=words, **more).outcome
    assert (outcome.to, outcome.note) == ("again", "tapped_and_typed")
    assert Answer.objects.get().value == tapped
    assert Turn.objects.get(id=outcome.turn).words == words


def test_endorsement_typed_beside_not_at_all_does_not_pass_in_silence(
    walking: Walk,
) -> None:
    outcome = walking.say(ITEM_9, words="several days", value=0).outcome
    assert (outcome.to, outcome.note) == ("again", "tapped_and_typed")
    walking.tap(ITEM_9, 1)
    assert Flag.objects.filter(rule__startswith="item-9").exists()


def test_danger_tapped_leads_to_help_whatever_is_written(walking: Walk) -> None:
    assert walking.say(ITEM_9, words="not at all", value=2).outcome.to == "safety"


@pytest.mark.parametrize(
    ("tapped", "words"),
    [(1, "about 3 days"), (2, "it is hard to say"), (0, "what does this mean?")],
)
def test_words_that_do_not_speak_against_it_let_it_pass(
    walking: Walk, tapped, words
) -> None:
    assert walking.say(ITEM_3, words=words, value=tapped).outcome.to == "question"
