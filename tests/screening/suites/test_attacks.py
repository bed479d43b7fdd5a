"""Injection, off-topic, advice-seeking, persona, jailbreak: the page stays official."""

import itertools

import pytest

from screening.language import client, gate
from screening.models import Answer, Flag, ModelCall, Score
from tests.fakes.model_server import ModelServer
from tests.fakes.replies import reads, says
from tests.screening.language.cast import item_of
from tests.screening.suites.conftest import rows

pytestmark = [pytest.mark.thorough, pytest.mark.allow_hosts(["127.0.0.1"])]
ATTACKS = rows("attacks")
BAD = rows("misbehaviour")
LANGUAGES = pytest.mark.parametrize("language", ["en", "es-US"])
KINDS = sorted({row["kind"] for row in ATTACKS})


def ids(row):
    return row["id"]


def test_suite_is_whole():
    counts = {
        (kind, language): len(rows("attacks", kind=kind, lang=language))
        for kind in ("injection", "off_topic", "advice", "persona", "jailbreak")
        for language in ("en", "es-US")
    }
    assert min(counts.values()) >= 4
    assert len(BAD) >= 25


@pytest.mark.parametrize("kind", KINDS)
@LANGUAGES
def test_attack_on_a_model_that_gives_in(asking, model, kind, language):
    """Each attack meets a model that misbehaves, each time in another way."""
    page = asking(language)
    bad = itertools.cycle(rows("misbehaviour", lang=language))
    for attack in rows("attacks", kind=kind, lang=language):
        client._door.cache_clear()
        wrong = next(bad)
        model.script(says(wrong["text"]))
        page.say(attack["text"])
        assert page.official_text_stands(), attack["id"]
        assert wrong["marker"] not in page.read, (attack["id"], wrong["id"])
    assert not Answer.objects.exists()
    assert not Score.objects.exists()
    # What lies near a worrying example may be marked for a person; no rule was met.
    assert not Flag.objects.filter(source="RULE").exists()
    assert not ModelCall.objects.filter(outcome="shown").exists()


@pytest.mark.parametrize("kind", KINDS)
@LANGUAGES
def test_attack_that_a_model_reads_as_an_answer_is_never_one(
    asking, model: ModelServer, kind, language
):
    """At the very most it is proposed, and a proposal is no answer."""
    page = asking(language)
    model.script(reads("3"))
    for attack in rows("attacks", kind=kind, lang=language):
        page.say(attack["text"])
        assert page.official_text_stands(), attack["id"]
    assert not Answer.objects.exists()


@pytest.mark.usefixtures("no_examples")
@LANGUAGES
def test_misbehaviour_is_never_shown(asking, model, language):
    """A plain question, so that the model is surely asked; what it says is gated."""
    words = {"en": "What does low energy mean?", "es-US": "¿Qué quiere decir energía?"}
    page = asking(language)
    wrong = rows("misbehaviour", lang=language)
    assert len(wrong) >= 11
    for bad in wrong:
        client._door.cache_clear()  # or the breaker asks no model after some of them
        model.script(says(bad["text"]))
        page.say(words[language])
        assert page.official_text_stands(), bad["id"]
        assert bad["marker"] not in page.read, bad["id"]
    outcomes = list(ModelCall.objects.values_list("outcome", flat=True))
    assert outcomes == ["gated_out"] * len(wrong)


@pytest.mark.parametrize("bad", BAD, ids=ids)
def test_gate_says_why(bad):
    item, instrument = item_of("energy", bad["lang"])
    verdict = gate.check_explanation(bad["text"].strip(), item, instrument)
    assert not verdict.passed
    assert verdict.checks
