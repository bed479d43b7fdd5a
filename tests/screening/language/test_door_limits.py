"""The door's limits: further tries, deadlines by purpose, the day's budget, silence."""

import logging
import threading
import time
from contextlib import suppress
from decimal import Decimal

import httpx2
import pytest

from screening.language import budget, calls, client
from screening.language.budget import Allowance
from screening.language.clarify import Explanation
from screening.language.client import Door, LanguageRefused, LanguageUnavailable
from screening.language.configuration import ClientConfig, Prices
from screening.language.prompts import Prompt
from tests.fakes.model_server import GOOD, ModelServer, completion, said
from tests.screening.language.cast import item_of

loopback = pytest.mark.allow_hosts(["127.0.0.1"])
PROMPT = Prompt(id="p-1", hash="h", system="s" * 400, data="{}")
PRICES = Prices(tokens_in=Decimal("1.50"), tokens_out=Decimal("6"))


class Script:
    """Answers in order; the last one for ever. Counts what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    def __call__(self, request):
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return found


def door(script, **changes):
    given = {"base_url": "http://127.0.0.1:9/v1", "key": "k", "model": "m", **changes}
    transport = httpx2.MockTransport(script)
    return Door(ClientConfig(**given), http_client=httpx2.Client(transport=transport))


def good():
    return httpx2.Response(200, json=said(GOOD))


@pytest.mark.parametrize(
    "fault",
    [
        httpx2.Response(500),
        httpx2.Response(503),
        httpx2.Response(429, headers={"retry-after": "0"}),
        httpx2.ConnectError("refused"),
    ],
    ids=["500", "503", "429", "no connection"],
)
def test_passing_fault_is_tried_once_more(fault):
    script = Script(fault, good())
    assert door(script).complete("clarify", PROMPT, Explanation).value.explanation
    assert script.asked == 2


def test_lasting_fault_is_tried_twice_and_no_more():
    script = Script(httpx2.Response(500))
    with pytest.raises(LanguageUnavailable, match="InternalServerError"):
        door(script).complete("clarify", PROMPT, Explanation)
    assert script.asked == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(400),
        httpx2.Response(401),
        httpx2.Response(404),
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json=completion("no schema")),
        httpx2.Response(200, json=completion(None, refusal="no")),
        httpx2.ReadTimeout("late"),
    ],
    ids=["400", "401", "404", "html", "not the schema", "refused", "late"],
)
def test_what_does_not_pass_is_asked_once(answer):
    script = Script(answer)
    with pytest.raises((LanguageUnavailable, LanguageRefused)):
        door(script).complete("clarify", PROMPT, Explanation)
    assert script.asked == 1


@pytest.mark.parametrize("wait", ["9", "600"])
def test_server_that_names_a_long_wait_is_not_waited_for(wait):
    script = Script(httpx2.Response(429, headers={"retry-after": wait}), good())
    began = time.monotonic()
    with pytest.raises(LanguageUnavailable, match="RateLimitError"):
        door(script).complete("clarify", PROMPT, Explanation)
    assert script.asked == 1
    assert time.monotonic() - began < 4


def test_there_is_no_further_try_when_the_time_is_nearly_up():
    script = Script(httpx2.Response(500), good())
    with pytest.raises(LanguageUnavailable):
        door(script, deadline=0.6).complete("clarify", PROMPT, Explanation)
    assert script.asked == 1


@loopback
@pytest.mark.parametrize("purpose", ["clarify", "interpret", "a new purpose"])
def test_page_is_never_kept_by_the_time_for_making_ahead(purpose):
    with ModelServer("slow") as server:
        config = ClientConfig(
            base_url=server.url, key="k", model="m", deadline=0.3, pause=0
        )
        patient = Door(config)
        patient.client()
        began = time.monotonic()
        with pytest.raises(LanguageUnavailable, match="deadline"):
            patient.complete(purpose, PROMPT, Explanation, deadline=60)
    assert time.monotonic() - began < 4  # the model takes 20
    assert config.deadline_for("paraphrase") == 60


@loopback
def test_making_ahead_may_take_longer_than_a_page():
    with ModelServer("good") as server:
        server.delay(0.6)
        config = ClientConfig(base_url=server.url, key="k", model="m", deadline=0.3)
        ahead = Door(config)
        ahead.client()
        with pytest.raises(LanguageUnavailable, match="deadline"):
            ahead.complete("clarify", PROMPT, Explanation)
        assert ahead.complete("paraphrase", PROMPT, Explanation).tokens_out


def test_refusal_is_no_outage():
    refusal = httpx2.Response(200, json=completion(None, refusal="no"))
    script = Script(httpx2.Response(400), refusal, httpx2.Response(400), good())
    patient = door(script, failures_to_open=2)
    for expected in (LanguageUnavailable, LanguageRefused, LanguageUnavailable):
        with pytest.raises(expected):
            patient.complete("clarify", PROMPT, Explanation)
    assert patient.complete("clarify", PROMPT, Explanation).value


def test_call_beyond_the_allowance_does_not_leave():
    script = Script(good())
    patient = door(script)
    most = budget.worst_case(PROMPT, patient.config).tokens
    with pytest.raises(LanguageUnavailable, match="budget") as raised:
        patient.complete("clarify", PROMPT, Explanation, allowance=Allowance(most - 1))
    assert (script.asked, raised.value.billed) == (0, False)
    patient.complete("clarify", PROMPT, Explanation, allowance=Allowance(most))
    assert script.asked == 1


@pytest.mark.parametrize(
    ("prices", "left", "covered"),
    [
        (PRICES, None, True),
        (PRICES, Decimal("0.002403"), True),
        (PRICES, Decimal("0.002402"), False),
        (None, None, True),
        (None, Decimal("100"), False),  # nobody can tell what it would cost
    ],
)
def test_limited_cost_covers_a_call_whose_price_is_known(prices, left, covered):
    config = ClientConfig(base_url="u", key="k", model="m", prices=prices)
    call = budget.worst_case(PROMPT, config)
    assert call.tokens == 402 + 300
    assert Allowance(10_000, left).covers(call) is covered


def test_worst_case_counts_the_bytes_of_what_was_typed():
    config = ClientConfig(base_url="u", key="k", model="m")
    plain = Prompt(id="p", hash="h", system="", data="a" * 100)
    odd = Prompt(id="p", hash="h", system="", data="😢" * 100)
    assert budget.worst_case(plain, config).tokens_in == 300
    assert budget.worst_case(odd, config).tokens_in == 600


@pytest.fixture
def asking(settings, monkeypatch):
    """Ask through the configured door, which answers as a script says."""
    item, instrument = item_of("energy")

    def ask(*answers, prices=PRICES):
        made = door(Script(*answers), prices=prices)
        monkeypatch.setattr(client, "_door", lambda config: made)
        monkeypatch.setattr(client, "current_config", lambda: made.config)
        return calls.ask(
            "clarify",
            PROMPT,
            Explanation,
            item=item,
            instrument=instrument,
            allowance=None,
        ).record

    return ask


def test_answered_call_is_charged_what_the_server_said(asking):
    record = asking(good())
    assert (record.tokens_in, record.tokens_out, record.charged) == (210, 40, 250)
    assert record.cost == Decimal("0.000555")


def test_call_that_ends_in_garbage_is_charged_all_the_same(asking):
    record = asking(httpx2.Response(200, json=completion("garbage")))
    assert (record.outcome, record.charged) == ("not_the_schema", 250)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx2.Response(200, text="<html>"), "not_a_completion"),
        (httpx2.ReadTimeout("late"), "deadline"),
        (
            httpx2.Response(200, json={**said(GOOD), "usage": None}),
            "answered",
        ),
    ],
)
def test_unsaid_use_is_charged_at_its_worst(asking, answer, outcome):
    record = asking(answer)
    assert record.outcome == outcome
    assert record.charged == 402 + 300
    assert record.cost == PRICES.cost(402, 300)


@pytest.mark.parametrize(
    "answer", [httpx2.Response(500), httpx2.Response(401), httpx2.ConnectError("no")]
)
def test_error_that_nobody_bills_costs_nothing(asking, answer):
    record = asking(answer)
    assert (record.charged, record.cost) == (0, 0)


def test_unknown_price_leaves_the_cost_open(asking):
    assert asking(good(), prices=None).cost is None


def test_absurd_counts_of_a_server_are_bounded(asking):
    body = said(GOOD) | {"usage": {"prompt_tokens": -5, "completion_tokens": 10**15}}
    record = asking(httpx2.Response(200, json=body))
    assert (record.tokens_in, record.tokens_out) == (0, calls.MOST_TOKENS)


def test_nothing_that_was_asked_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("openai").setLevel(logging.DEBUG)
    prompt = Prompt(id="p", hash="h", system="canary-system", data="canary-data")
    patient = door(Script(httpx2.Response(500), good()))
    patient.complete("clarify", prompt, Explanation)
    assert "canary" not in caplog.text


def test_warm_builds_the_client_before_anybody_asks(settings, monkeypatch):
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = "http://127.0.0.1:9/v1", "w"
    settings.LANGUAGE_ENABLED = True
    client.warm().join(30)
    assert client._door(client.current_config())._client is not None


def test_warm_without_a_model_imports_nothing(settings):
    settings.LANGUAGE_ENABLED = False
    client.warm().join(5)
    assert client._door(client.current_config())._client is None


@loopback
def test_calls_at_once_overshoot_by_no_more_than_the_bulkhead():
    """Twelve callers who all see room for one call: three go out, and no more."""
    with ModelServer("good") as server:
        server.delay(0.4)
        config = ClientConfig(base_url=server.url, key="k", model="m", max_concurrent=3)
        shared = Door(config)
        shared.client()
        room = Allowance(budget.worst_case(PROMPT, config).tokens)
        together = threading.Barrier(12)

        def ask():
            together.wait()
            with suppress(LanguageUnavailable):
                shared.complete("clarify", PROMPT, Explanation, allowance=room)

        callers = [threading.Thread(target=ask) for _ in range(12)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert len(server.requests) == 3
