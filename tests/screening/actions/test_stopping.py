"""Withdrawing and expiring: what was said stays, and stays flagged."""

from collections.abc import Callable
from datetime import timedelta

from screening import actions, engine
from screening.models import Answer, Score, Screening
from tests.screening.conftest import ITEM_9, NOW, Walk


def test_withdrawing_keeps_answers_and_scores_nothing(walking: Walk) -> None:
    walking.tap("/44250-9", 2)
    engine.withdraw(walking.screening, at=walking.at)
    walking.screening.refresh_from_db()
    assert walking.screening.status == Screening.Status.WITHDRAWN
    assert Answer.objects.count() == 1
    assert not Score.objects.exists()


def test_withdrawing_after_item_9_flags_that_too(walking: Walk) -> None:
    walking.tap(ITEM_9, 1)
    engine.withdraw(walking.screening, at=walking.at)
    assert walking.flags() == ["item-9", "item-9-then-stopped"]


def test_expiring_after_item_9_flags_that_too(walking: Walk) -> None:
    walking.tap(ITEM_9, 1)
    assert actions.expire_overdue(at=walking.at + timedelta(hours=72)) == 1
    assert "item-9-then-stopped" in walking.flags()


def test_open_screening_within_its_window_is_left_alone(walking: Walk) -> None:
    walking.tap("/44250-9", 2)
    assert actions.expire_overdue(at=walking.at + timedelta(hours=71)) == 0


def test_unanswered_screening_expires_with_its_invitation(
    invite: Callable[..., actions.Invited],
) -> None:
    invited = invite()
    assert actions.expire_overdue(at=NOW + timedelta(days=6)) == 0
    assert actions.expire_overdue(at=NOW + timedelta(days=7)) == 1
    invited.screening.refresh_from_db()
    assert invited.screening.status == Screening.Status.EXPIRED


def test_expiring_twice_changes_nothing(walking: Walk) -> None:
    walking.tap(ITEM_9, 1)
    late = walking.at + timedelta(hours=72)
    actions.expire_overdue(at=late)
    flags = walking.flags()
    assert actions.expire_overdue(at=late) == 0
    assert walking.flags() == flags
