"""Handing over: the colleague is told and has to claim; until then the case climbs."""

from datetime import timedelta
from typing import Any

import pytest

from clinicians import tasks
from clinicians.actions import (
    claim,
    close,
    go_away,
    hand_over,
    hand_over_shift,
    record_contact,
    snooze,
)
from clinicians.models import ReviewEvent
from clinicians.workflow import MoveRefused, Status
from core.models import AuditEvent
from core.permissions import PermissionRefused
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast
from tests.clinicians.watching import STEP, at, told

DUE = NOW + timedelta(hours=8)
HANDED = ReviewEvent.Kind.HANDED_OVER


def in_hand(cast: Cast, **fields) -> Episode:
    return claim(
        episode=cast.flagged(**{"due_at": DUE, **fields}), by=cast.alice, at=NOW
    )


def handed(cast: Cast, episode: Episode, *, by=None, to=None) -> Episode:
    return hand_over(
        episode=episode,
        to=to or cast.bob,
        reason="Call after four.",
        by=by or cast.alice,
        at=NOW,
    )


def test_colleague_is_named_and_told_at_once(cast: Cast):
    episode = handed(cast, in_hand(cast))
    assert (episode.status, episode.owner) == (Status.OPEN, cast.bob)
    tasks.tick(at(NOW))
    assert told() == [cast.bob.email]
    assert episode.events.get(kind=HANDED).detail == "To Bob Stone. Call after four."


def test_colleague_who_does_not_claim_lets_it_climb(cast: Cast):
    handed(cast, in_hand(cast))
    for step in range(3):
        tasks.tick(at(NOW + STEP * step))
    assert told() == [cast.bob.email, "team@clinic.example", "oncall@clinic.example"]


def test_claim_by_the_colleague_ends_the_notices(cast: Cast):
    episode = handed(cast, in_hand(cast))
    claim(episode=episode, by=cast.bob, at=NOW)
    tasks.tick(at(NOW))
    assert told() == []


def test_supervisor_hands_a_colleagues_case_on(cast: Cast):
    episode = handed(cast, in_hand(cast), by=cast.sue)
    assert episode.owner == cast.bob


def test_supervisor_takes_a_case_over(cast: Cast):
    episode = handed(cast, in_hand(cast), by=cast.sue, to=cast.sue)
    assert (episode.status, episode.owner) == (Status.ACKNOWLEDGED, cast.sue)
    tasks.tick(at(NOW))
    assert told() == []


def test_colleague_takes_no_case_over(cast: Cast):
    with pytest.raises(MoveRefused, match="owner or a supervisor"):
        handed(cast, in_hand(cast), by=cast.bob, to=cast.bob)


@pytest.mark.parametrize("who", ["ada", "fred", "charlie"])
def test_case_goes_only_to_somebody_who_reviews_here(cast: Cast, who):
    with pytest.raises(MoveRefused, match="cannot work on"):
        handed(cast, in_hand(cast), to=getattr(cast, who))


def test_case_goes_to_nobody_who_left(cast: Cast):
    cast.bob.is_active = False
    cast.bob.save()
    with pytest.raises(MoveRefused, match="cannot work on"):
        handed(cast, in_hand(cast))


def test_case_goes_to_nobody_who_is_away(cast: Cast):
    go_away(
        user=cast.bob, cover=cast.sue, starts_at=NOW, ends_at=DUE, by=cast.bob, at=NOW
    )
    with pytest.raises(MoveRefused, match="Bob Stone is away. Sue Field covers"):
        handed(cast, in_hand(cast))


def test_closed_case_is_handed_to_nobody(cast: Cast):
    episode = in_hand(cast, tier=Tier.ROUTINE)
    given: dict[str, Any] = {
        "disposition": "reviewed",
        "note": "",
        "seen_version": episode.version,
    }
    close(episode=episode, by=cast.alice, at=NOW, **given)
    with pytest.raises(MoveRefused, match="closed"):
        handed(cast, episode)


def test_stranger_hands_nothing_over(cast: Cast):
    with pytest.raises(PermissionRefused):
        handed(cast, in_hand(cast), by=cast.charlie)


def test_case_put_off_is_awake_when_it_is_handed_over(cast: Cast):
    episode = in_hand(cast)
    given: dict[str, Any] = {
        "seen_version": episode.version,
        "minutes": 30,
        "reason": "x",
    }
    snooze(episode=episode, by=cast.alice, at=NOW, **given)
    assert handed(cast, episode).snoozed_until_at is None


def test_shift_goes_over_case_by_case(cast: Cast):
    mine = [in_hand(cast), in_hand(cast)]
    other = claim(episode=cast.flagged(), by=cast.sue, at=NOW)
    assert hand_over_shift(to=cast.bob, reason="Night", by=cast.alice, at=NOW) == 2

    assert set(Episode.objects.filter(owner=cast.bob)) == set(mine)
    assert ReviewEvent.objects.filter(kind=HANDED).count() == 2
    assert AuditEvent.objects.filter(kind="CASE_HANDED_OVER").count() == 2
    other.refresh_from_db()
    assert other.owner == cast.sue


def test_shift_says_nothing_of_health_to_the_colleague(cast: Cast, mailoutbox):
    in_hand(cast)
    hand_over_shift(to=cast.bob, reason="Self-harm, ring", by=cast.alice, at=NOW)
    tasks.tick(at(NOW))
    (message,) = mailoutbox
    assert "harm" not in f"{message.subject} {message.body}".lower()


def test_what_waits_for_a_second_person_keeps_waiting(cast: Cast):
    episode = in_hand(cast)
    record_contact(episode=episode, outcome="spoke", text="", by=cast.alice, at=NOW)
    episode.refresh_from_db()
    close(
        episode=episode,
        seen_version=episode.version,
        disposition="follow-up",
        note="Friday.",
        by=cast.alice,
        at=NOW,
    )
    hand_over_shift(to=cast.bob, reason="", by=cast.alice, at=NOW)
    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Status.TO_CONFIRM, cast.bob)
    assert episode.closing_by == cast.alice
