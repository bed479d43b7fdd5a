"""Work on wordings that is taken up late, again and again, or asked for twice."""

import uuid

import pytest
from django.utils import timezone

from screening import actions, tasks
from screening.actions.wording_runs import (
    ATTEMPTS,
    claim_work,
    fail_work,
    settle_work,
)
from screening.models import ModelCall, Wording
from tests.cast import Cast
from tests.fakes.model_server import PARAPHRASE
from tests.screening.library.runs import SLEEP, outcomes, start
from tests.wordings import draft

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_worker_that_comes_too_late_does_not_undo_what_another_settled(
    cast: Cast, model
):
    run, begun = start(cast), timezone.now()
    late = claim_work(run=run, at=begun)
    assert late is not None
    run.work.update(next_at=begun)  # its lease is over
    tasks.pick_up_wordings()
    assert outcomes(run) == ["GATED"]
    call = ModelCall.objects.get()
    call.pk = uuid.uuid4()
    settle_work(work=late, draft=draft(PARAPHRASE), call=call, at=begun)
    fail_work(work=late, reason="deadline", final=False, call=None, at=begun)
    row = run.work.get()
    assert (row.outcome, row.next_at) == ("GATED", None)
    assert row.wording == Wording.objects.get()
    assert ModelCall.objects.count() == 2


def test_work_that_breaks_every_worker_is_given_up(cast: Cast, model, monkeypatch):
    """Else it would ask the model again every three minutes, for ever."""

    def break_off(**_given):
        raise MemoryError

    monkeypatch.setattr(tasks, "settle_work", break_off)
    run = start(cast)
    for _ in range(ATTEMPTS):
        with pytest.raises(MemoryError):
            tasks.pick_up_wordings()
        run.work.update(next_at=timezone.now())
    tasks.pick_up_wordings()
    row = run.work.get()
    assert (row.outcome, row.reason, row.next_at) == ("FAILED", "worker_died", None)
    assert len(model.requests) == ATTEMPTS


def test_run_pressed_twice_is_one_run_until_it_is_done(cast: Cast, model):
    run = start(cast)
    assert start(cast) == run
    assert start(cast, SLEEP, actions.Wanted("/44259-0", "sleep", "easy")) != run
    tasks.propose_wordings(run_id=str(run.id))
    assert start(cast) != run
