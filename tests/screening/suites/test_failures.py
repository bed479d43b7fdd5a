"""However a model fails, the page is there in time, with the official text on it."""

import time

import pytest

from screening.language import client
from screening.models import Answer, ModelCall, Turn
from tests.fakes.model_server import BEHAVIOURS, GOOD, GOOD_ES, ModelServer
from tests.screening.suites.conftest import LONGEST

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.usefixtures("no_examples"),
]
GOOD_ONES = {"good", "good-es"}
LATE = {"slow", "drip"}
QUESTION = {"en": "What does low energy mean?", "es-US": "¿Qué quiere decir energía?"}
REPLY = {
    "en": "the days drag on like wet cement",
    "es-US": "los días pesan como cemento mojado",
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es-US"])


@LANGUAGES
@pytest.mark.parametrize("behaviour", sorted(set(BEHAVIOURS) - GOOD_ONES - LATE))
def test_bad_model_leaves_the_official_page(
    asking, model: ModelServer, behaviour, language
):
    model.behave(behaviour)
    page = asking(language)
    for words in (QUESTION[language], REPLY[language]):
        page.say(words)
        assert page.official_text_stands()
    assert not Answer.objects.exists()
    outcomes = set(ModelCall.objects.values_list("outcome", flat=True))
    assert ModelCall.objects.count() == 2
    assert not outcomes & {"shown", "proposed", "answered"}


@pytest.mark.parametrize("behaviour", sorted(LATE))
@pytest.mark.parametrize("words", [QUESTION["en"], REPLY["en"]])
def test_late_model_costs_less_than_four_seconds(
    asking, model: ModelServer, settings, behaviour, words
):
    settings.LANGUAGE_DEADLINE_SECONDS = 1.5  # a busy machine needs time of its own
    page = asking("en")
    client.warm().join()  # as the web server does at its start
    model.behave(behaviour)
    began = time.monotonic()
    page.say(words)
    assert time.monotonic() - began < LONGEST
    assert page.official_text_stands()
    assert ModelCall.objects.get().outcome == "deadline"


def test_outage_costs_the_wait_three_times_and_then_nothing(
    asking, model: ModelServer, settings
):
    settings.LANGUAGE_DEADLINE_SECONDS = 0.5
    page = asking("en")
    client.warm().join()
    model.behave("slow")
    for _ in range(5):
        page.say(QUESTION["en"])
    calls = list(ModelCall.objects.order_by("at").values_list("outcome", flat=True))
    assert calls == ["deadline"] * 3 + ["circuit_open"] * 2
    began = time.monotonic()
    page.say(REPLY["en"])
    assert time.monotonic() - began < 3
    assert page.official_text_stands()


def test_model_that_dies_between_two_turns(asking, model: ModelServer):
    page = asking("en").say(QUESTION["en"])
    assert GOOD in page.read
    model.end()
    page.say(QUESTION["en"])
    assert page.official_text_stands()
    assert GOOD not in page.read
    outcomes = ModelCall.objects.order_by("at").values_list("outcome", flat=True)
    assert list(outcomes) == ["shown", "APIConnectionError"]


@pytest.mark.parametrize(
    ("language", "behaviour", "text"),
    [("en", "good-es", GOOD_ES), ("es-US", "good", GOOD)],
)
def test_other_language_is_not_shown(
    asking, model: ModelServer, language, behaviour, text
):
    model.behave(behaviour)
    page = asking(language).say(QUESTION[language])
    assert page.official_text_stands()
    assert text not in page.read
    assert "language" in ModelCall.objects.get().verdicts


def test_words_and_calls_tell_what_happened(asking, model: ModelServer):
    page = asking("en").say(QUESTION["en"])
    model.behave("down")
    page.say(REPLY["en"])
    turns = list(Turn.objects.order_by("at"))
    assert [turn.words for turn in turns] == [QUESTION["en"], REPLY["en"]]
    assert [turn.outcome["to"] for turn in turns] == ["clarified", "again"]
    assert turns[0].reply == GOOD
    rows = ModelCall.objects.order_by("at").values_list("purpose", "outcome")
    assert list(rows) == [("clarify", "shown"), ("interpret", "InternalServerError")]
