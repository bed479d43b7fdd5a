"""A model reads words that rules could not: only ever a proposal, in time, with a row."""

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from core.models import Clinic
from screening import actions
from screening.models import Answer, Flag, ModelCall, Turn
from tests.fakes.model_server import ModelServer
from tests.fakes.replies import raw, reads
from tests.screening.conftest import ITEM_9, NOW, Walk

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
ITEM_3 = "/44259-0"
# No rule reads a frequency in it, and no word of it denies anything.
ODD = "the nights keep dragging on like wet cement"
Helped = Callable[..., Walk]


def test_words_that_no_rule_reads_are_proposed_by_the_model(
    helped: Helped, model: ModelServer
) -> None:
    model.script(reads("2"))
    walking = helped()
    outcome = walking.say(ITEM_3, words=ODD).outcome
    assert (outcome.to, outcome.values, outcome.note) == ("confirm", (2,), "model")
    assert not Answer.objects.exists()
    call = ModelCall.objects.get()
    assert (call.purpose, call.outcome, call.prompt_id) == (
        "interpret",
        "proposed",
        "interpret-1",
    )
    assert (call.link_id, call.instrument_id) == (ITEM_3, "phq-9")


def test_answer_says_for_good_that_a_model_proposed_it(
    helped: Helped, model: ModelServer
) -> None:
    model.script(reads("2"))
    walking = helped()
    proposed = walking.say(ITEM_3, words=ODD).outcome
    walking.tap(ITEM_3, 2, words_turn=proposed.turn)
    row = Answer.objects.get()
    assert (row.value, row.origin) == (2, "CONFIRMED")
    assert row.shown["proposed"] == {"by": "model", "values": [2]}


def test_model_with_a_name_that_no_database_keeps_breaks_no_turn(
    helped: Helped, model: ModelServer
) -> None:
    read = reads("2")
    model.script(lambda body: {**read(body), "model": "odd\0name\n"})
    outcome = helped().say(ITEM_3, words=ODD).outcome
    assert (outcome.to, outcome.values) == ("confirm", (2,))
    assert ModelCall.objects.get().model == "oddname"


def test_what_a_rule_proposed_is_not_called_the_models(
    helped: Helped, model: ModelServer
) -> None:
    walking = helped()
    proposed = walking.say(ITEM_3, words="nearly every day").outcome
    walking.tap(ITEM_3, 3, words_turn=proposed.turn)
    assert "proposed" not in Answer.objects.get().shown
    assert model.requests == []


@pytest.mark.parametrize(
    "words",
    [
        "nearly every day",  # a rule reads it
        "7 days",  # a rule asks about it
        "I'd rather not say",
        "I want to kill myself",
        "nearly everyone would be better off without me",
        "x " * 400,
        "",
    ],
)
def test_model_is_asked_only_where_rules_read_nothing(
    helped: Helped, model: ModelServer, words: str
) -> None:
    walking = helped()
    if words:
        walking.say(ITEM_3, words=words)
    else:
        walking.tap(ITEM_3, 1)
    assert [one["messages"] for one in model.requests] == []


def test_near_a_worrying_example_no_model_is_asked(
    helped: Helped, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    walking, near = helped(), type("Near", (), {"id": "x", "words": ODD})()
    monkeypatch.setattr("screening.language.neighbours.nearest", lambda text, **_: near)
    outcome = walking.say(ITEM_3, words=ODD).outcome
    assert (outcome.to, model.requests) == ("again", [])
    assert Flag.objects.get().source == "MODEL"


@pytest.mark.parametrize("switch", ["everywhere", "clinic", "patient", "policy", "old"])
def test_each_switch_turns_it_off(
    helped: Helped, model: ModelServer, settings, switch: str
) -> None:
    walking = helped()
    if switch == "everywhere":
        settings.LANGUAGE_ENABLED = False
    if switch == "clinic":
        Clinic.objects.update(ai_enabled=False)
    if switch == "policy":
        Clinic.objects.update(wording_policy="official")
    if switch == "patient":
        actions.choose_ai_help(screening=walking.screening, wanted=False, at=NOW)
    if switch == "old":  # agreed to a text that did not speak of replies
        actions.give_consent(
            screening=walking.screening, version="2026.1", ai_help=True, at=NOW
        )
    outcome = walking.say(ITEM_3, words=ODD).outcome
    assert (outcome.to, outcome.note) == ("again", "unclear")
    assert model.requests == []
    assert not ModelCall.objects.exists()


def test_item_9_is_never_read_by_a_model(helped: Helped, model: ModelServer) -> None:
    outcome = helped().say(ITEM_9, words=ODD).outcome
    assert (outcome.to, model.requests) == ("again", [])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (reads("3", "every single day"), "not_a_quote"),
        (reads("3", ""), "not_a_quote"),
        (reads("3", "?!"), "not_a_quote"),
        (reads("3", ODD.upper()), "not_a_quote"),
        (reads("ask"), "ask"),
        (reads("unclear"), "unclear"),
    ],
)
def test_reading_that_does_not_hold_is_a_question_back(
    helped: Helped, model: ModelServer, answer, verdict: str
) -> None:
    model.script(answer)
    outcome = helped().say(ITEM_3, words=ODD).outcome
    assert (outcome.to, outcome.values, outcome.note) == ("again", (), "unclear")
    call = ModelCall.objects.get()
    assert (call.outcome, call.verdicts) == ("asked", [verdict])


@pytest.mark.parametrize(
    ("words", "option", "why"),
    [
        ("that has not been me, like wet cement", "3", "negated"),
        ("my husband has nights like wet cement", "2", "somebody_else"),
        (ODD, "0", "turned_round"),
    ],
)
def test_rules_may_veto_what_a_model_reads(
    helped: Helped, model: ModelServer, words: str, option: str, why: str
) -> None:
    model.script(reads(option))
    outcome = helped().say(ITEM_3, words=words).outcome
    assert (outcome.to, outcome.values) == ("again", ())
    assert ModelCall.objects.get().verdicts == [why]


@pytest.mark.parametrize(
    "behaviour", ["html", "broken-json", "refusal", "down", "drop", "extra-field"]
)
def test_any_failure_asks_the_item_again(
    helped: Helped, model: ModelServer, behaviour: str, settings
) -> None:
    settings.LANGUAGE_DEADLINE_SECONDS = 1.5  # a busy machine needs time of its own
    model.behave(behaviour)
    outcome = helped().say(ITEM_3, words=ODD).outcome
    assert (outcome.to, outcome.values) == ("again", ())
    assert Turn.objects.get().words == ODD
    assert ModelCall.objects.get().outcome not in ("proposed", "asked", "answered")


@pytest.mark.parametrize("behaviour", ["slow", "drip"])
def test_slow_model_costs_the_patient_less_than_four_seconds(
    helped: Helped, model: ModelServer, behaviour: str, settings
) -> None:
    settings.LANGUAGE_DEADLINE_SECONDS = 1.5  # a busy machine needs time of its own
    model.behave(behaviour)
    walking = helped()
    began = time.monotonic()
    outcome = walking.say(ITEM_3, words=ODD).outcome
    assert time.monotonic() - began < 4
    assert outcome.to == "again"
    assert ModelCall.objects.get().outcome == "deadline"


def test_words_are_kept_before_the_model_is_asked(
    helped: Helped, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    def fail(*args: object, **kwargs: object) -> None:
        kept.append(Turn.objects.get().words)
        raise RuntimeError("the process was killed")

    monkeypatch.setattr("screening.language.proposing.propose", fail)
    with pytest.raises(RuntimeError):
        helped().say(ITEM_3, words=ODD)
    assert kept == [ODD]


def test_replay_asks_the_model_once(helped: Helped, model: ModelServer) -> None:
    model.script(reads("2"))
    walking = helped()
    first = walking.say(ITEM_3, words=ODD, key="0.k").outcome
    assert walking.say(ITEM_3, words=ODD, key="0.k").outcome == first
    assert len(model.requests) == 1


def test_day_that_is_spent_asks_no_more(helped: Helped, model: ModelServer) -> None:
    model.script(reads("2"))
    walking = helped()
    walking.say(ITEM_3, words=ODD)
    Clinic.objects.update(model_tokens_per_day=ModelCall.objects.get().tokens_charged)
    outcome = walking.say(ITEM_3, words=ODD + " again").outcome
    assert outcome.to == "again"
    assert len(model.requests) == 1
    last = ModelCall.objects.order_by("-at").first()
    assert (last.outcome, last.tokens_charged) == ("budget", 0)


def test_next_day_begins_at_the_clinics_midnight(
    helped: Helped, model: ModelServer
) -> None:
    """15:00 in New York; nine hours later it is tomorrow there."""
    model.script(reads("2"))
    Clinic.objects.update(model_tokens_per_day=3000)
    walking = helped()
    ModelCall.objects.create(
        clinic=walking.screening.clinic, latency_ms=1, tokens_charged=2999, at=NOW
    )
    walking.at += timedelta(hours=8, minutes=59)
    assert walking.say(ITEM_3, words=ODD + " a").outcome.to == "again"
    walking.at += timedelta(minutes=2)
    assert walking.say(ITEM_3, words=ODD + " b").outcome.to == "confirm"


def test_cost_is_kept_with_the_call_and_limits_the_day(
    helped: Helped, model: ModelServer, settings
) -> None:
    settings.LANGUAGE_PRICE_IN = Decimal("10")
    settings.LANGUAGE_PRICE_OUT = Decimal("30")
    model.script(reads("2"))
    walking = helped()
    walking.say(ITEM_3, words=ODD)
    assert ModelCall.objects.get().cost == Decimal("0.003300")
    Clinic.objects.update(model_cost_per_day=Decimal("0.01"))
    walking.say(ITEM_3, words=ODD + " again")
    last = ModelCall.objects.order_by("-at").first()
    assert (last.outcome, last.cost) == ("budget", 0)


def test_identity_in_the_reply_does_not_leave(
    helped: Helped, model: ModelServer
) -> None:
    model.script(raw('{"option": "unclear", "quote": ""}'))
    helped().say(ITEM_3, words=f"{ODD}, as I told dr.canary@example.org")
    (sent,) = model.requests
    assert "canary" not in str(sent)
    assert "wet cement" in str(sent)
