"""Having wordings proposed: rows are the truth, whatever the model or the worker does."""

import json
import time
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Clinic
from core.permissions import PermissionRefused
from screening import actions, definitions, tasks
from screening.actions.wording_runs import (
    ATTEMPTS,
    LEASE,
    claim_work,
    unfinished_runs,
)
from screening.domain.wordings import Level
from screening.language import paraphrase
from screening.models import ModelCall, Wording, WordingWork
from tests.cast import Cast
from tests.fakes.model_server import PARAPHRASE
from tests.screening.library.runs import ENERGY, SLEEP, outcomes, start, start_with
from tests.wordings import draft

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_good_text_is_proposed_gated_and_signed_by_nobody(cast: Cast, model):
    run = start(cast)
    tasks.propose_wordings(run_id=str(run.id))
    assert outcomes(run) == ["GATED"]
    row = Wording.objects.get()
    assert (row.text, row.state, row.origin) == (PARAPHRASE, "GATED", "GENERATED")
    assert (row.model, row.prompt_id) == ("fake-1", paraphrase.PROMPT)
    assert len(row.prompt_hash) == 64
    call = ModelCall.objects.get()
    assert (call.purpose, call.outcome, call.screening) == (
        paraphrase.PURPOSE,
        "proposed",
        None,
    )


def test_each_text_has_a_call_a_verdict_and_an_outcome(cast: Cast, model):
    run = start(cast, ENERGY, SLEEP)
    tasks.propose_wordings(run_id=str(run.id))
    assert outcomes(run) == ["GATED", "NOT_GATED"]
    refused = Wording.objects.get(concept="sleep")
    assert refused.state == "PROPOSED"
    assert "construct" in {check for check, _ in refused.verdicts}
    assert ModelCall.objects.get(link_id="/44259-0").outcome == "gated_out"


def test_advice_is_kept_as_refused(cast: Cast, model):
    model.behave("paraphrase-advice")
    run = start(cast)
    tasks.propose_wordings(run_id=str(run.id))
    assert outcomes(run) == ["NOT_GATED"]
    assert "advice" in {check for check, _ in Wording.objects.get().verdicts}


def test_same_text_again_is_nothing_new(cast: Cast, model):
    for expected in ("GATED", "KNOWN"):
        run = start(cast)
        tasks.propose_wordings(run_id=str(run.id))
        assert outcomes(run) == [expected]
    assert Wording.objects.count() == 1


def test_vetoed_text_does_not_come_back(cast: Cast, model):
    text = draft(PARAPHRASE)
    actions.propose(clinic=cast.clinic, draft=text, by=cast.alice, at=timezone.now())
    actions.veto(
        clinic=cast.clinic, draft=text, reason="No.", by=cast.liv, at=timezone.now()
    )
    run = start(cast)
    tasks.propose_wordings(run_id=str(run.id))
    assert outcomes(run) == ["KNOWN"]
    assert Wording.objects.get().state == "VETOED"


@pytest.mark.parametrize("behaviour", ["down", "html", "not-schema", "extra-field"])
def test_model_without_an_answer_is_asked_again_later_and_then_given_up(
    cast: Cast, model, behaviour
):
    model.behave(behaviour)
    run = start(cast)
    for attempt in range(1, ATTEMPTS):
        tasks.pick_up_wordings()
        assert run.work.get().attempts == attempt
        assert run.work.filter(next_at__gt=timezone.now()).exists()
        run.work.update(next_at=timezone.now())
    tasks.pick_up_wordings()
    row = run.work.get()
    assert (row.outcome, row.next_at) == ("FAILED", None)
    assert row.reason
    assert not Wording.objects.exists()
    assert ModelCall.objects.count() == ATTEMPTS


def test_model_that_declines_is_not_asked_again(cast: Cast, model):
    model.behave("refusal")
    run = start(cast)
    tasks.propose_wordings(run_id=str(run.id))
    assert outcomes(run) == ["FAILED"]
    assert len(model.requests) == 1


def test_work_of_a_worker_that_died_is_done_once_its_lease_is_over(cast: Cast, model):
    run = start(cast, ENERGY, SLEEP)
    begun = timezone.now()
    taken = claim_work(run=run, at=begun)
    assert taken is not None
    tasks.pick_up_wordings()
    assert outcomes(run) == ["DUE", "NOT_GATED"]

    run.work.filter(id=taken.id).update(next_at=begun - timedelta(seconds=1))
    tasks.pick_up_wordings()
    assert outcomes(run) == ["GATED", "NOT_GATED"]
    assert run.work.get(id=taken.id).attempts == 2


def test_two_workers_never_take_up_the_same_text(cast: Cast):
    run, at = start(cast, ENERGY, SLEEP), timezone.now()
    taken = [claim_work(run=run, at=at) for _ in range(3)]
    assert [row.concept if row else None for row in taken] == ["energy", "sleep", None]
    assert claim_work(run=run, at=at + LEASE) is not None


def test_long_run_stops_and_rings_again(cast: Cast, model, monkeypatch):
    run = start(cast, ENERGY, SLEEP)
    rung: list[uuid.UUID] = []
    monkeypatch.setattr(tasks, "ring", rung.append)
    tasks.work_off(run, seconds=0)
    assert rung == [run.id]
    assert outcomes(run) == ["GATED", "DUE"]


def test_run_ends_when_the_clinic_switches_the_model_off(cast: Cast, model):
    run = start(cast)
    Clinic.objects.update(ai_enabled=False)
    tasks.propose_wordings(run_id=str(run.id))
    assert (outcomes(run), run.work.get().reason) == (["FAILED"], "switched_off")
    assert model.requests == []


def test_question_that_is_no_longer_there_fails_in_words(cast: Cast, model):
    run = start(cast, actions.Wanted("/1", "death_or_self_harm", "plain"))
    tasks.propose_wordings(run_id=str(run.id))
    assert run.work.get().reason == "no_question"
    assert model.requests == []


def test_no_run_starts_at_a_clinic_without_a_model_or_for_nothing(cast: Cast):
    with pytest.raises(actions.RunRefused, match="may be put in other words"):
        start_with(cast)
    cast.clinic.ai_enabled = False
    with pytest.raises(actions.RunRefused, match="does not use a language model"):
        start_with(cast, ENERGY)
    assert not WordingWork.objects.exists()


@pytest.mark.parametrize("who", ["ada", "fred", "charlie"])
def test_others_start_no_run(cast: Cast, who):
    with pytest.raises(PermissionRefused):
        actions.start_run(
            clinic=cast.clinic,
            instrument_id="phq-9",
            language="en",
            wanted=[ENERGY],
            by=getattr(cast, who),
            at=timezone.now(),
        )


def test_call_holds_the_question_its_options_and_no_more(cast: Cast, model):
    tasks.propose_wordings(run_id=str(start(cast).id))
    (request,) = model.requests
    system, user = (message["content"] for message in request["messages"])
    assert "Feeling tired or having little energy" in system
    assert "More than half the days" in system
    assert json.loads(user) == {
        "wanted": "paraphrase",
        "level": "plain",
        "language": "en",
    }
    sent = json.dumps(request)
    for name in (cast.alice.name, cast.clinic.name, str(cast.clinic.id)):
        assert name not in sent


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("language", ["en", "es-US"])
def test_prompt_is_whole_for_every_question(level, language):
    instrument = definitions.get("phq-9", language)
    for item in instrument.items:
        if not item.wordable:
            with pytest.raises(ValueError, match="never put in other words"):
                paraphrase.propose(item, instrument, level)
            continue
        prompt = paraphrase.build_prompt(item, instrument, level)
        assert item.text in prompt.system
        assert "$" not in prompt.system
        assert prompt.id == "paraphrase-1"


def test_broker_that_is_down_holds_up_no_page_and_loses_nothing(cast: Cast, caplog):
    run = start(cast)
    began = time.monotonic()
    bell = tasks.ring(run.id)
    assert time.monotonic() - began < 3
    bell.join(timeout=30)
    assert "the broker cannot be reached" in caplog.text
    assert unfinished_runs(at=timezone.now()) == [run]
