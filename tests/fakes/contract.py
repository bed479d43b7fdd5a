"""What any OpenAI-compatible server must do at our door, the scripted one included.

tests/screening/language/test_fake_contract.py runs it against the fake,
tests/live/test_contract.py against a real model: where the two differ, the fake lies.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest

from screening.language import budget, prompts, proposing
from screening.language.clarify import Explanation
from screening.language.client import (
    ClientConfig,
    Door,
    LanguageUnavailable,
    Reply,
)
from screening.language.replies import Completion, strict_format
from tests.screening.language.cast import item_of

PATIENCE = 120.0  # seconds for a small model on a busy machine
REPLY = "most days, more often than not"


@dataclass(frozen=True, slots=True)
class Place:
    """A server under test: how to reach it, and how to end it in mid-air."""

    config: ClientConfig
    end: Callable[[], None]


def prompt() -> prompts.Prompt:
    """A prompt of the product's own, as a turn sends it."""
    item, instrument = item_of("energy")
    return proposing.build(REPLY, item, instrument)


def body(place: Place, **changes: Any) -> dict[str, Any]:
    """The request that the door sends, spelled out."""
    asked = {
        "model": place.config.model,
        "messages": prompt().messages(),
        "response_format": strict_format(proposing.Read),
        "max_tokens": 120,
        "temperature": 0,
        "store": False,
    }
    return asked | changes


def post(place: Place, sent: dict[str, Any], path: str = "") -> httpx2.Response:
    """Send a request past the door, to look at the whole reply."""
    url = f"{place.config.base_url}{path or '/chat/completions'}"
    headers = {"Authorization": f"Bearer {place.config.key}"}
    return httpx2.post(url, json=sent, headers=headers, timeout=PATIENCE)


def reply_has_the_shape_that_we_read(place: Place) -> None:
    """Every key that we read is there, with the type that we read it as."""
    answer = post(place, body(place))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    found = answer.json()
    read = Completion.model_validate_json(answer.content)
    assert found["object"] == "chat.completion"
    assert isinstance(found["id"], str)
    assert isinstance(found["created"], int)
    message = found["choices"][0]["message"]
    assert (message["role"], type(message["content"])) == ("assistant", str)
    assert read.choices[0].finish_reason == "stop"
    usage = found["usage"]
    parts = usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["total_tokens"] == parts > 0
    assert read.model


def schema_is_kept(place: Place) -> None:
    """What comes back is one of the shapes that were asked for."""
    with closing(Door(place.config)) as door:
        read: Reply[proposing.Read] = door.complete(
            "interpret", prompt(), proposing.Read
        )
        assert read.value.option in ("0", "1", "2", "3", "ask", "unclear")
        # A small one may never come to an end; it says so then.
        assert _explained(door) in ("an explanation", "cut_short")


def _explained(door: Door) -> str:
    try:
        told = door.complete("clarify", prompt(), Explanation)
    except LanguageUnavailable as error:
        return error.reason
    return "an explanation" if told.value.explanation else "nothing"


def use_is_said_and_never_above_our_worst_case(place: Place) -> None:
    """The bound that the budget rests on, by the server's own tokenizer."""
    with closing(Door(place.config)) as door:
        reply = door.complete("interpret", prompt(), proposing.Read)
    worst = budget.worst_case(prompt(), place.config)
    assert 0 < reply.tokens_in <= worst.tokens_in
    assert 0 < reply.tokens_out <= worst.tokens_out


def answer_that_does_not_fit_is_cut_short(place: Place) -> None:
    """A reply that ran into max_tokens says so, and is no answer."""
    with pytest.raises(LanguageUnavailable, match="cut_short"):
        _ask(replace(place.config, max_tokens=2))


def wrong_key_is_turned_away(place: Place) -> None:
    """401, which nobody tries again."""
    with pytest.raises(LanguageUnavailable, match="AuthenticationError"):
        _ask(replace(place.config, key="not-the-key"))


def wrong_address_is_no_answer(place: Place) -> None:
    """404 where nothing is served."""
    wrong = place.config.base_url.replace("/v1", "/v7/nowhere")
    with pytest.raises(LanguageUnavailable, match="NotFoundError"):
        _ask(replace(place.config, base_url=wrong))


def time_that_is_up_is_a_deadline(place: Place) -> None:
    """The page stops waiting, whatever the server is about."""
    with pytest.raises(LanguageUnavailable, match="deadline"):
        _ask(replace(place.config, deadline=0.02))


def server_that_is_gone_is_unavailable(place: Place) -> None:
    """Run last: nothing answers afterwards."""
    with closing(Door(place.config)) as door:
        door.complete("interpret", prompt(), proposing.Read)
        place.end()
        with pytest.raises(LanguageUnavailable, match="APIConnectionError"):
            door.complete("interpret", prompt(), proposing.Read)


def _ask(config: ClientConfig) -> None:
    with closing(Door(config)) as door:
        door.client()
        door.complete("interpret", prompt(), proposing.Read)


CHECKS: tuple[Callable[[Place], None], ...] = (
    reply_has_the_shape_that_we_read,
    schema_is_kept,
    use_is_said_and_never_above_our_worst_case,
    answer_that_does_not_fit_is_cut_short,
    wrong_key_is_turned_away,
    wrong_address_is_no_answer,
    time_that_is_up_is_a_deadline,
)
LAST = server_that_is_gone_is_unavailable
