"""Having wordings proposed: a run, and its work as rows that outlive any worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from core import audit
from core.models import Clinic, User
from core.permissions import Permission
from screening.actions.wording_rows import WordingRefused, check_staff, lock
from screening.actions.wordings import AlreadyThere, propose
from screening.domain.wordings import Draft
from screening.models import ModelCall, WordingRun, WordingWork

# Longer than any call to a model may take; then a dead worker's row is due again.
LEASE = timedelta(minutes=3)
ATTEMPTS = 4
PAUSE = timedelta(seconds=45)
Outcome = WordingWork.Outcome
SWITCHED_OFF = (
    "This clinic does not use a language model. An administrator can change that in "
    "Settings."
)


class RunRefused(WordingRefused):
    """Nothing can be proposed now; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text to have proposed."""

    link_id: str
    concept: str
    level: str


@transaction.atomic
def start_run(
    *,
    clinic: Clinic,
    instrument_id: str,
    language: str,
    wanted: Sequence[Wanted],
    by: User,
    at: datetime,
) -> WordingRun:
    """Write down what is to be proposed; a worker takes it from there.

    Pressed twice, it is one run: each text costs a call.
    """
    check_staff(by, Permission.PROPOSE_WORDINGS, clinic)
    if not clinic.ai_enabled:
        raise RunRefused(SWITCHED_OFF)
    if not wanted:
        raise RunRefused("Nothing in this questionnaire may be put in other words.")
    lock(clinic)
    levels = sorted({one.level for one in wanted}, reverse=True)
    same = {"clinic": clinic, "instrument_id": instrument_id, "language": language}
    begun = WordingRun.objects.filter(**same, work__next_at__isnull=False).distinct()
    for under_way in begun:
        if under_way.levels == levels:
            return under_way
    run = WordingRun.objects.create(**same, levels=levels, by=by, at=at)
    WordingWork.objects.bulk_create(_work(run, wanted, at=at))
    audit.record(
        clinic_id=clinic.id,
        kind="WORDING_RUN_STARTED",
        by=audit.Actor.staff(by),
        at=at,
        object_type="wording_run",
        object_id=run.id,
        detail={"instrument": instrument_id, "language": language, "n": len(wanted)},
    )
    return run


def _work(
    run: WordingRun, wanted: Sequence[Wanted], *, at: datetime
) -> list[WordingWork]:
    return [
        WordingWork(
            run=run,
            link_id=one.link_id,
            concept=one.concept,
            level=one.level,
            position=position,
            next_at=at,
        )
        for position, one in enumerate(wanted, 1)
    ]


def claim_work(*, run: WordingRun, at: datetime) -> WordingWork | None:
    """Take up the next text that is due, for as long as the lease; None: none is."""
    due = WordingWork.objects.filter(run=run, next_at__lte=at).order_by("position")
    for row in due[:ATTEMPTS]:
        mine = WordingWork.objects.filter(id=row.id, next_at=row.next_at).update(
            next_at=at + LEASE, attempts=F("attempts") + 1
        )
        if mine == 1:
            row.attempts += 1
            row.next_at = at + LEASE
            return row
    return None


@transaction.atomic
def settle_work(
    *, work: WordingWork, draft: Draft, call: ModelCall, at: datetime
) -> WordingWork:
    """Keep what a model proposed, what the checks said, and the call's row."""
    call.save(force_insert=True)
    try:
        made = propose(clinic=work.run.clinic, draft=draft, by=None, at=at)
    except AlreadyThere:
        return _settle(work, Outcome.KNOWN, at=at)
    work.wording = made
    return _settle(work, Outcome.GATED if draft.passed else Outcome.NOT_GATED, at=at)


@transaction.atomic
def fail_work(
    *,
    work: WordingWork,
    reason: str,
    final: bool,
    call: ModelCall | None,
    at: datetime,
) -> WordingWork:
    """Keep that no text came; try again later, unless it is final or was often tried."""
    if call is not None:
        call.save(force_insert=True)
    work.reason = reason[:60]
    if final or work.attempts >= ATTEMPTS:
        return _settle(work, Outcome.FAILED, at=at)
    return _keep(work, next_at=at + PAUSE * work.attempts)


def unfinished_runs(*, at: datetime) -> list[WordingRun]:
    """Every run with work that is due and that nobody is on."""
    runs = WordingRun.objects.filter(work__next_at__lte=at).distinct()
    return list(runs.select_related("clinic"))


def _settle(
    work: WordingWork, outcome: WordingWork.Outcome, *, at: datetime
) -> WordingWork:
    work.outcome, work.settled_at = outcome, at
    return _keep(work, next_at=None)


def _keep(work: WordingWork, *, next_at: datetime | None) -> WordingWork:
    """Write what became of work, unless its lease ran out and another took it up:
    whoever holds it now says how it ends."""
    held = WordingWork.objects.filter(
        id=work.id, outcome=Outcome.DUE, next_at=work.next_at
    )
    work.next_at = next_at
    held.update(
        outcome=work.outcome,
        reason=work.reason,
        wording=work.wording,
        next_at=next_at,
        settled_at=work.settled_at,
    )
    return work
