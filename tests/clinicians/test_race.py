"""Two at once: one claims, one sends, and nothing is done twice."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection

from clinicians import tasks
from clinicians.actions import ClaimedByOther, base, claim, climbing, notices, reviewing
from clinicians.models import Notice, ReviewEvent
from core import audit
from core.audit import proof
from core.models import AuditHead
from screening.models import Episode
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def together(*runs: Callable[[], object]) -> list[object]:
    """Run these at the same moment; what each returned or raised."""
    barrier = threading.Barrier(len(runs))
    results: list[object] = [None] * len(runs)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = runs[number]()
        except ClaimedByOther as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_claims_one_wins_and_the_other_is_told_who():
    cast = make_cast()
    episode = cast.flagged()
    results = together(
        lambda: claim(episode=episode, by=cast.alice, at=NOW),
        lambda: claim(episode=episode, by=cast.bob, at=NOW),
    )
    episode.refresh_from_db()
    (refused,) = [r for r in results if isinstance(r, ClaimedByOther)]
    assert refused.owner == episode.owner
    assert ReviewEvent.objects.count() == 1


def test_two_loops_send_each_notice_once():
    cast = make_cast()
    for _ in range(4):
        cast.flagged(due_at=NOW + timedelta(hours=4))
    together(*[lambda: tasks.tick(lambda: NOW)] * 3)
    tasks.tick(lambda: NOW)

    assert Notice.objects.filter(sent_at=NOW, attempts=1).count() == 4
    assert sum(int(m.subject.split()[0]) for m in outbox.outbox) == 4
    assert ReviewEvent.objects.filter(kind="ESCALATED").count() == 4


def test_claim_and_an_address_that_is_given_up_do_not_wait_for_each_other(monkeypatch):
    cast = make_cast()
    episode = cast.flagged()
    climbing.climb_case(episode_id=episode.id, at=NOW)
    owed = notices.claim_due(at=NOW)
    held, begun = threading.Event(), threading.Event()
    stop_notices = base.stop_notices

    def stops(row: Episode, **more: object) -> None:
        held.set()  # the case is locked by the claim: now the other one comes
        begun.wait(5)
        stop_notices(row, at=NOW)

    def gives_up() -> None:
        held.wait(5)
        threading.Timer(0.5, begun.set).start()
        notices.give_up(owed, error="no", at=NOW)

    monkeypatch.setattr(reviewing, "stop_notices", stops)
    together(lambda: claim(episode=episode, by=cast.alice, at=NOW), gives_up)
    episode.refresh_from_db()
    assert episode.owner == cast.alice
    notice = Notice.objects.get()
    assert (notice.stopped_at, notice.failed_at) == (NOW, None)


def test_day_that_two_loops_close_at_once_is_closed_once(monkeypatch):
    make_cast()
    both = threading.Barrier(2)
    moved_since = proof._moved_since

    def moved(start: object) -> dict[str, list[int | str]]:
        found = moved_since(None)
        # Where only one may write at a time, the second comes after.
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return found

    monkeypatch.setattr(proof, "_moved_since", moved)
    heads = together(*[lambda: audit.close_day(NOW)] * 2)
    assert heads[0] == heads[1] == AuditHead.objects.get()
