"""Two at once, on real connections: one answer, one episode, nothing lost."""

import threading
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connection

from screening.models import Answer, Episode, Flag, Score, Turn
from tests.screening.conftest import ITEM_9, Walk

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Run every act in a thread of its own; returns what they raised."""
    start, raised = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            act()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            raised.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


def test_double_tap_gives_one_answer_and_one_flag(walking: Walk) -> None:
    taps = [lambda: walking.tap(ITEM_9, 2, key="0.twice")] * 6
    assert at_once(*taps) == []
    assert Answer.objects.count() == Turn.objects.count() == Flag.objects.count() == 1


def test_two_tabs_at_once_give_one_answer(walking: Walk) -> None:
    tabs = [
        lambda key=key: walking.tap(ITEM_9, 0, key=f"0.tab-{key}") for key in range(4)
    ]
    assert at_once(*tabs) == []
    assert Answer.objects.count() == 1
    assert Turn.objects.count() == 4


def test_two_screenings_of_a_patient_share_the_episode(
    walk: Callable[..., Walk],
) -> None:
    walks = [walk() for _ in range(4)]
    assert at_once(*[lambda w=w: w.tap(ITEM_9, 1) for w in walks]) == []
    assert Episode.objects.count() == 1
    assert Flag.objects.count() == Answer.objects.count() == 4


def test_double_submit_scores_once(walking: Walk) -> None:
    walking.answer_all(1)
    assert at_once(*[walking.submit] * 4) == []
    assert Score.objects.count() == 2
