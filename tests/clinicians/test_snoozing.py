"""Putting a case off: only its owner, never past its due time, never out of sight."""

from datetime import timedelta
from typing import Any

import pytest

from clinicians import tasks
from clinicians.actions import CaseChanged, claim, note, snooze, wake
from clinicians.models import ReviewEvent
from clinicians.presenters.queue import open_cases
from clinicians.workflow import MoveRefused, SnoozeRefused, Status
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast
from tests.clinicians.watching import at, join_flag, told

DUE = NOW + timedelta(hours=8)


def in_hand(cast: Cast, **fields) -> Episode:
    episode = cast.flagged(**{"due_at": DUE, **fields})
    return claim(episode=episode, by=cast.alice, at=NOW)


def put_off(cast: Cast, minutes: int = 120, **fields) -> Episode:
    episode = in_hand(cast, **fields)
    return snooze(
        episode=episode,
        seen_version=episode.version,
        minutes=minutes,
        reason="She is at work until noon.",
        by=cast.alice,
        at=NOW,
    )


def test_case_put_off_stays_in_the_queue_with_its_owner(cast: Cast):
    episode = put_off(cast)
    assert episode in open_cases(cast.clinic)
    assert (episode.status, episode.owner) == (Status.ACKNOWLEDGED, cast.alice)
    assert episode.next_notice_at == NOW + timedelta(minutes=120)
    assert episode.events.filter(kind=ReviewEvent.Kind.SNOOZED).count() == 1


def test_case_put_off_is_left_alone_until_its_time(cast: Cast):
    put_off(cast)
    tasks.tick(at(NOW + timedelta(minutes=119)))
    assert told() == []


def test_case_put_off_comes_back_and_its_owner_is_told(cast: Cast):
    episode = put_off(cast)
    tasks.tick(at(NOW + timedelta(minutes=120)))
    episode.refresh_from_db()
    assert (episode.status, episode.snoozed_until_at) == (Status.OPEN, None)
    assert told() == [cast.alice.email]
    assert episode.events.filter(kind=ReviewEvent.Kind.AWAKE).count() == 1


@pytest.mark.parametrize("tier", [Tier.URGENT, Tier.ROUTINE])
def test_any_new_flag_ends_it(cast: Cast, tier):
    episode = put_off(cast, tier=Tier.HIGH)
    later = NOW + timedelta(minutes=10)
    join_flag(episode, tier, at=later)
    tasks.tick(at(later))
    episode.refresh_from_db()
    assert (episode.status, episode.snoozed_until_at) == (Status.OPEN, None)
    assert episode.events.filter(kind=ReviewEvent.Kind.FLAG_JOINED).count() == 1


@pytest.mark.parametrize(
    ("minutes", "due", "said"),
    [
        (240, timedelta(minutes=239), "due before that"),
        (30, timedelta(0), "overdue"),
        (300, timedelta(hours=8), "so long"),
        (0, timedelta(hours=8), "still ahead"),
    ],
)
def test_case_is_put_off_only_so_far(cast: Cast, minutes, due, said):
    with pytest.raises(SnoozeRefused, match=said):
        put_off(cast, minutes, due_at=NOW + due)


def test_putting_off_needs_a_reason(cast: Cast):
    episode = in_hand(cast)
    given: dict[str, Any] = {
        "seen_version": episode.version,
        "minutes": 30,
        "reason": " ",
    }
    with pytest.raises(SnoozeRefused, match="Write why"):
        snooze(episode=episode, by=cast.alice, at=NOW, **given)


@pytest.mark.parametrize("who", ["bob", "sue"])
def test_only_its_owner_puts_it_off(cast: Cast, who):
    episode = in_hand(cast)
    given: dict[str, Any] = {
        "seen_version": episode.version,
        "minutes": 30,
        "reason": "x",
    }
    with pytest.raises(MoveRefused, match="Only its owner"):
        snooze(episode=episode, by=getattr(cast, who), at=NOW, **given)


def test_case_that_nobody_claimed_is_not_put_off(cast: Cast):
    episode = cast.flagged(due_at=DUE)
    given: dict[str, Any] = {
        "seen_version": episode.version,
        "minutes": 30,
        "reason": "x",
    }
    with pytest.raises(MoveRefused):
        snooze(episode=episode, by=cast.alice, at=NOW, **given)


def test_what_changed_since_it_was_read_is_not_put_off(cast: Cast):
    episode = in_hand(cast)
    given: dict[str, Any] = {
        "seen_version": episode.version - 1,
        "minutes": 30,
        "reason": "x",
    }
    with pytest.raises(CaseChanged):
        snooze(episode=episode, by=cast.alice, at=NOW, **given)


def test_owner_takes_it_up_again(cast: Cast):
    episode = wake(episode=put_off(cast), by=cast.alice, at=NOW + timedelta(minutes=5))
    assert episode.snoozed_until_at is None
    assert episode.next_notice_at == NOW + timedelta(minutes=65)
    with pytest.raises(CaseChanged):
        wake(episode=episode, by=cast.alice, at=NOW)


def test_work_on_it_ends_it(cast: Cast):
    episode = put_off(cast)
    note(episode=episode, text="She rang back.", by=cast.alice, at=NOW)
    episode.refresh_from_db()
    assert (episode.status, episode.snoozed_until_at) == (Status.IN_PROGRESS, None)
