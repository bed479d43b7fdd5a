"""Work of the screening app that may be late: having wordings proposed by a model.

Plain Celery: the rows say what is owed, a task only makes it happen soon. A worker that
dies loses nothing, since `pick_up_wordings` finds what is due again.
"""

import logging
import threading
import time
import uuid

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from screening.actions.wording_runs import (
    ATTEMPTS,
    claim_work,
    fail_work,
    settle_work,
    unfinished_runs,
)
from screening.domain.instruments import Instrument, Item
from screening.domain.wordings import Level
from screening.engine import calling
from screening.language import drafts, gating, paraphrase
from screening.models import Wording, WordingRun, WordingWork

log = logging.getLogger(__name__)

# Well under the time limit of a task, whatever the last call takes.
SECONDS_AT_A_TIME = 300.0


def ring(run_id: uuid.UUID) -> threading.Thread:
    """Wake a worker for a run, without making a page wait for a broker that is down.

    Should nobody hear it, `pick_up_wordings` finds the rows within a minute.
    """
    bell = threading.Thread(target=_send, args=(run_id,), daemon=True)
    bell.start()
    return bell


def _send(run_id: uuid.UUID) -> None:
    try:
        propose_wordings.apply_async(kwargs={"run_id": str(run_id)}, retry=False)
    except OperationalError:
        log.warning("wording run %s waits: the broker cannot be reached", run_id)


@shared_task
def propose_wordings(*, run_id: str) -> None:
    """Work off what a run owes now."""
    work_off(WordingRun.objects.select_related("clinic").get(id=run_id))


@shared_task
def pick_up_wordings() -> None:
    """Go on with every run that has work left: a worker died, or a pause is over."""
    for run in unfinished_runs(at=timezone.now()):
        work_off(run)


def work_off(run: WordingRun, *, seconds: float = SECONDS_AT_A_TIME) -> None:
    """Take up one text after the other until none is due; a long run rings again."""
    until = time.monotonic() + seconds
    while work := claim_work(run=run, at=timezone.now()):
        work.run = run
        _work_on(work)
        if time.monotonic() > until:
            ring(run.id)
            return


def _work_on(work: WordingWork) -> None:
    """Ask the model, have the gate judge, keep both; the network before the write."""
    if work.attempts > ATTEMPTS:
        # Taken up that often and never put down: it ends whoever takes it up.
        fail_work(
            work=work, reason="worker_died", final=True, call=None, at=timezone.now()
        )
        return
    work.run.clinic.refresh_from_db(fields=["ai_enabled"])
    if not (work.run.clinic.ai_enabled and paraphrase.configured()):
        fail_work(
            work=work, reason="switched_off", final=True, call=None, at=timezone.now()
        )
        return
    found = _question(work)
    if found is None:
        fail_work(
            work=work, reason="no_question", final=True, call=None, at=timezone.now()
        )
        return
    item, instrument = found
    left = calling.allowance(work.run.clinic, at=timezone.now())
    made = paraphrase.propose(item, instrument, Level(work.level), allowance=left)
    at = timezone.now()
    # There is no patient behind it.
    call = calling.row(made.call, clinic=work.run.clinic, screening=None, at=at)
    if made.reason or made.judged is None:
        fail_work(work=work, reason=made.reason, final=made.final, call=call, at=at)
        return
    draft = drafts.paraphrase(
        made.text,
        concept=work.concept,
        language=work.run.language,
        level=Level(work.level),
        origin=Wording.Origin.GENERATED,
        model=made.model,
        prompt_id=made.prompt.id,
        prompt_hash=made.prompt.hash,
    )
    settle_work(work=work, draft=draft, call=call, at=at)


def _question(work: WordingWork) -> tuple[Item, Instrument] | None:
    """The item as shipped now; None if it is gone or may no longer be worded."""
    asked = gating.questions(work.concept, work.run.language)
    return next((one for one in asked if one[1].id == work.run.instrument_id), None)
