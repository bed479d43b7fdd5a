"""Two at once: one claims, one sends, and nothing is done twice."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection

from clinicians import tasks
from clinicians.actions import ClaimedByOther, claim
from clinicians.models import Notice, ReviewEvent
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
