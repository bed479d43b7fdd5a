"""Whatever a model returns, answers, scores and flags are those of a day without one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.language import client
from screening.models import Answer, Flag, Score
from tests.fakes.model_server import ModelServer
from tests.fakes.replies import raw, reads
from tests.screening.conftest import ITEM_9, Walk

pytestmark = [pytest.mark.thorough, pytest.mark.allow_hosts(["127.0.0.1"])]
ITEM_1, ITEM_3, ITEM_4 = "/44250-9", "/44259-0", "/44254-1"
ODD = "the nights keep dragging on like wet cement"
SAID = (
    (ITEM_3, ODD),
    (ITEM_4, "what does low energy mean?"),
    (ITEM_1, "everyone would be better off without me"),
    (ITEM_9, "like wet cement"),
    (ITEM_4, "what does this mean?"),
)
junk = st.one_of(st.text(max_size=40), st.integers(), st.booleans(), st.none())
shaped = st.fixed_dictionaries(
    {
        "option": st.sampled_from(["0", "1", "2", "3", "ask", "unclear", "4", 3]),
        "quote": st.sampled_from([ODD, ODD[:9], "wet", "", "every day"]),
    },
    optional={"value": junk, "score": junk, "flag": junk, "answer": junk},
)
explained = st.fixed_dictionaries(
    {"explanation": st.text(max_size=300)}, optional={"value": junk, "level": junk}
)
content = st.one_of(
    st.text(max_size=200),
    shaped.map(json.dumps),
    explained.map(json.dumps),
    st.recursive(junk, lambda inner: st.lists(inner, max_size=3), max_leaves=5).map(
        json.dumps
    ),
)


def results() -> dict[str, list[Any]]:
    """Every row that counts, without what differs from run to run."""
    answers = Answer.objects.order_by("seq")
    return {
        "answers": list(answers.values_list("link_id", "value", "declined", "origin")),
        "scores": list(
            Score.objects.order_by("instrument_id").values_list(
                "instrument_id", "total", "band", "complete", "detail"
            )
        ),
        "flags": sorted(
            str(row)
            for row in Flag.objects.values_list("rule", "tier", "source", "evidence")
        ),
    }


class Undo(Exception):
    """Takes a whole run back."""


def run(
    walk: Callable[..., Walk], *, confirm: bool = False
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Say it all, then tap every item and submit; return what stood before and after."""
    found: list[dict[str, list[Any]]] = []
    try:
        with transaction.atomic():
            walking = walk()
            for link_id, words in SAID:
                outcome = walking.say(link_id, words=words).outcome
                if confirm and outcome.note == "model":
                    (value,) = outcome.values
                    walking.tap(link_id, value, words_turn=outcome.turn)
            found.append(results())
            walking.answer_all(1)
            walking.submit()
            found.append(results())
            raise Undo
    except Undo:
        return found[0], found[1]


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=content)
def test_whatever_a_model_returns_changes_no_result(
    helped: Callable[..., Walk],
    walk: Callable[..., Walk],
    model: ModelServer,
    said: str,
) -> None:
    client._door.cache_clear()  # a breaker that opened would hide what follows
    model.script(raw(said))
    before, after = run(helped)
    assert model.requests
    without_before, without_after = run(walk)
    assert before == without_before
    assert after == without_after


def test_without_a_model_words_alone_are_no_answer(walk: Callable[..., Walk]) -> None:
    before, after = run(walk)
    assert before["answers"] == before["scores"] == []
    assert before["flags"]
    assert after["scores"]


@pytest.mark.parametrize("option", ["1", "2", "3"])
def test_confirmed_option_is_the_only_thing_that_differs(
    helped: Callable[..., Walk], walk: Callable[..., Walk], model: ModelServer, option
) -> None:
    model.script(reads(option))
    before, _after = run(helped, confirm=True)
    without, _ = run(walk)
    assert before["answers"] == [(ITEM_3, int(option), False, "CONFIRMED")]
    assert before["flags"] == without["flags"]
