"""The one door: a checked answer in time, or one of two exceptions."""

import json
import threading
import time

import httpx2
import pytest

from screening.language import prompts
from screening.language.breaker import Breaker
from screening.language.clarify import Explanation
from screening.language.client import (
    ClientConfig,
    Door,
    LanguageError,
    LanguageRefused,
    LanguageUnavailable,
    current_config,
)
from tests.fakes.model_server import BEHAVIOURS, GOOD, ModelServer, said

loopback = pytest.mark.allow_hosts(["127.0.0.1"])
REFUSING = {"refusal", "filtered"}
GOOD_ONES = {"good", "good-es", "advice"}
LATE = {"slow", "drip"}


@pytest.fixture
def prompt():
    facts = ("instruction", "item", "time_frame", "facts", "language")
    return prompts.build(
        "clarify-2", facts=dict.fromkeys(facts, "x"), data={"question": "why?"}
    )


def config(url="http://127.0.0.1:9/v1", **changes):
    return ClientConfig(**{"base_url": url, "key": "k", "model": "m", **changes})


def mocked(handler, **changes):
    client = httpx2.Client(transport=httpx2.MockTransport(handler))
    return Door(config(**changes), http_client=client)


def test_complete_gives_a_checked_answer(prompt):
    door = mocked(lambda request: httpx2.Response(200, json=said(GOOD)))
    reply = door.complete("clarify", prompt, Explanation)
    assert reply.value.explanation == GOOD
    assert (reply.model, reply.tokens_in, reply.tokens_out) == ("fake-1", 210, 40)


def test_complete_sends_a_strict_schema_and_stores_nothing(prompt):
    sent = []

    def handler(request):
        sent.append(json.loads(request.content))
        return httpx2.Response(200, json=said(GOOD))

    mocked(handler).complete("clarify", prompt, Explanation)
    (body,) = sent
    shape = body["response_format"]["json_schema"]
    assert body["store"] is False
    assert shape["strict"] is True
    assert shape["schema"]["additionalProperties"] is False
    assert shape["schema"]["required"] == ["explanation"]


@pytest.mark.parametrize(
    "changes", [{"base_url": ""}, {"model": ""}, {"enabled": False}]
)
def test_complete_without_a_model_is_unavailable_at_once(prompt, changes):
    door = Door(ClientConfig(**{**vars_of(config()), **changes}))
    with pytest.raises(LanguageUnavailable, match="not_configured"):
        door.complete("clarify", prompt, Explanation)


def vars_of(found):
    return {name: getattr(found, name) for name in ("base_url", "key", "model")}


@loopback
@pytest.mark.parametrize("behaviour", sorted(set(BEHAVIOURS) - GOOD_ONES - LATE))
def test_complete_bad_reply_is_one_of_two_exceptions(prompt, behaviour):
    with ModelServer(behaviour) as server:
        door = Door(config(server.url))
        expected = LanguageRefused if behaviour in REFUSING else LanguageUnavailable
        with pytest.raises(expected) as raised:
            door.complete("clarify", prompt, Explanation)
    assert raised.value.reason


@loopback
@pytest.mark.parametrize("behaviour", sorted(LATE))
def test_complete_deadline_is_hard(prompt, behaviour):
    with ModelServer(behaviour) as server:
        door = Door(config(server.url, deadline=0.5))
        door.client()
        began = time.monotonic()
        with pytest.raises(LanguageUnavailable, match="deadline"):
            door.complete("clarify", prompt, Explanation)
        assert time.monotonic() - began < 3  # the model takes 20


@loopback
def test_complete_dripping_reply_gives_its_place_back(prompt):
    with ModelServer("drip") as server:
        door = Door(config(server.url, deadline=0.3, max_concurrent=1))
        door.client()
        with pytest.raises(LanguageUnavailable, match="deadline"):
            door.complete("clarify", prompt, Explanation)
        assert server.hung_up(5)
        server.behave("good")
        assert eventually(lambda: door.complete("clarify", prompt, Explanation))


def eventually(ask):
    for _attempt in range(50):
        try:
            return ask()
        except LanguageError:
            time.sleep(0.1)
    return None


def test_complete_busy_falls_back_at_once(prompt):
    inside, leave = threading.Event(), threading.Event()

    def handler(request):
        inside.set()
        leave.wait(5)
        return httpx2.Response(200, json=said(GOOD))

    door = mocked(handler, max_concurrent=1)
    door.client()
    first = threading.Thread(
        target=lambda: door.complete("clarify", prompt, Explanation)
    )
    first.start()
    assert inside.wait(5)
    began = time.monotonic()
    with pytest.raises(LanguageUnavailable, match="busy"):
        door.complete("clarify", prompt, Explanation)
    assert time.monotonic() - began < 3  # the first one takes 5
    leave.set()
    first.join()


def test_complete_stops_asking_a_server_that_fails(prompt):
    asked = []

    def handler(request):
        asked.append(request)
        return httpx2.Response(503)

    door = mocked(handler, failures_to_open=2, tries=1)
    reasons = [reason_of(door, prompt) for _attempt in range(4)]
    assert reasons[2:] == ["circuit_open", "circuit_open"]
    assert len(asked) == 2


def reason_of(door, prompt):
    with pytest.raises(LanguageUnavailable) as raised:
        door.complete("clarify", prompt, Explanation)
    return raised.value.reason


def test_refusal_does_not_open_the_circuit(prompt):
    refusal = BEHAVIOUR_REFUSAL
    door = mocked(
        lambda request: httpx2.Response(200, json=refusal), failures_to_open=1
    )
    for _attempt in range(3):
        with pytest.raises(LanguageRefused):
            door.complete("clarify", prompt, Explanation)


BEHAVIOUR_REFUSAL = {
    "choices": [
        {"message": {"content": None, "refusal": "no"}, "finish_reason": "stop"}
    ]
}


def test_breaker_lets_one_try_after_the_pause():
    breaker = Breaker(failures=1, pause=10)
    breaker.failed(100)
    assert not breaker.allows(105)
    assert breaker.allows(111)
    assert not breaker.allows(112)
    breaker.succeeded()
    assert breaker.allows(112)


def test_current_config_reads_the_settings(settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:1/v1"
    settings.OPENAI_MODEL = "small"
    settings.LANGUAGE_ENABLED = True
    settings.LANGUAGE_DEADLINE_SECONDS = 1.5
    found = current_config()
    assert found.configured
    assert found.deadline == 1.5
