"""Closing needs its proofs; reopening starts everything anew."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from clinicians.actions import (
    CaseChanged,
    OpenCaseExists,
    claim,
    close,
    closing,
    confirm_close,
    record_contact,
    reopen,
)
from clinicians.definitions import review_policy
from clinicians.workflow import MOVES, CloseRefused, MoveRefused, Status
from core.permissions import PermissionRefused
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast, make_episode, make_flag, make_screening

LATER = NOW + timedelta(minutes=5)
DONE: dict[str, Any] = {"disposition": "follow-up", "note": "Visit on Friday."}


def contacted(cast: Cast, **fields) -> Episode:
    episode = claim(episode=cast.flagged(**fields), by=cast.alice, at=NOW)
    record_contact(episode=episode, outcome="spoke", text="", by=cast.alice, at=NOW)
    episode.refresh_from_db()
    return episode


def proposed(cast: Cast, **fields) -> Episode:
    episode = contacted(cast, **fields)
    return close(
        episode=episode, seen_version=episode.version, by=cast.alice, at=LATER, **DONE
    )


def closed(cast: Cast) -> Episode:
    episode = proposed(cast)
    return confirm_close(
        episode=episode, seen_version=episode.version, note="", by=cast.bob, at=LATER
    )


def test_close_keeps_who_when_and_how(cast: Cast):
    episode = contacted(cast, tier=Tier.HIGH)
    close(
        episode=episode, seen_version=episode.version, by=cast.alice, at=LATER, **DONE
    )

    episode.refresh_from_db()
    assert (episode.status, episode.closed_at) == (Status.CLOSED, LATER)
    assert (episode.disposition, episode.next_notice_at) == ("follow-up", None)
    assert (episode.events.last().code, episode.events.last().by) == (
        "follow-up",
        cast.alice,
    )


def test_close_of_an_urgent_case_needs_contact(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    with pytest.raises(CloseRefused, match="contact"):
        close(
            episode=episode,
            seen_version=episode.version,
            by=cast.alice,
            at=LATER,
            **DONE,
        )


def test_close_counts_no_contact_from_before_the_newest_urgent_flag(cast: Cast):
    episode = contacted(cast)
    make_flag(episode, make_screening(episode.patient), raised_at=LATER)
    with pytest.raises(CloseRefused, match="contact"):
        close(
            episode=episode,
            seen_version=episode.version,
            by=cast.alice,
            at=LATER + timedelta(minutes=1),
            **DONE,
        )


def test_close_of_what_changed_meanwhile_is_refused(cast: Cast):
    episode = contacted(cast)
    Episode.objects.filter(id=episode.id).update(version=episode.version + 1)
    with pytest.raises(CaseChanged):
        close(
            episode=episode,
            seen_version=episode.version,
            by=cast.alice,
            at=LATER,
            **DONE,
        )


def test_close_by_a_colleague_is_refused(cast: Cast):
    episode = contacted(cast)
    with pytest.raises(MoveRefused, match="owner or a supervisor"):
        close(
            episode=episode, seen_version=episode.version, by=cast.bob, at=LATER, **DONE
        )


def test_reopen_puts_the_case_before_the_team(cast: Cast):
    episode = closed(cast)
    again = LATER + timedelta(days=1)
    reopen(episode=episode, reason="New call", by=cast.sue, at=again)

    episode.refresh_from_db()
    assert (episode.status, episode.owner, episode.closed_at) == (
        Status.OPEN,
        None,
        None,
    )
    assert (episode.next_notice_at, episode.ladder_step) == (again, 0)
    assert episode.due_at > again


@pytest.mark.parametrize(
    ("who", "reason", "refusal"),
    [("alice", "x", PermissionRefused), ("sue", " ", MoveRefused)],
)
def test_reopen_needs_a_supervisor_and_a_reason(cast: Cast, who, reason, refusal):
    with pytest.raises(refusal):
        reopen(episode=closed(cast), reason=reason, by=getattr(cast, who), at=LATER)


def test_reopen_beside_another_open_case_is_refused(cast: Cast):
    episode = closed(cast)
    make_episode(episode.patient, tier=Tier.HIGH)
    with pytest.raises(MoveRefused, match="open case already"):
        reopen(episode=episode, reason="New call", by=cast.sue, at=LATER)


def test_reopen_that_loses_the_race_leads_to_the_open_case(cast: Cast, monkeypatch):
    episode = closed(cast)
    other = make_episode(episode.patient, tier=Tier.HIGH)
    look = closing._refuse_beside
    # The first look comes before the other case is there, the second after.
    looks = iter([lambda _episode: None, look])
    monkeypatch.setattr(closing, "_refuse_beside", lambda row: next(looks)(row))
    with pytest.raises(OpenCaseExists) as refused:
        reopen(episode=episode, reason="New call", by=cast.sue, at=LATER)
    assert refused.value.case == other


def test_database_allows_the_same_moves_as_the_table():
    guards = import_module("clinicians.migrations.0004_guards")
    assert set(guards.ALLOWED) == {f"{from_}>{to}" for from_, to in MOVES}


def test_database_refuses_a_move_that_is_not_in_the_table(cast: Cast):
    episode = cast.flagged()
    with pytest.raises(DatabaseError), transaction.atomic():
        Episode.objects.filter(id=episode.id).update(status=Status.CLOSED)


@pytest.mark.parametrize(
    "change", [{"tier_rank": 3}, {"patient": "another"}], ids=["tier", "patient"]
)
def test_database_refuses_to_lower_or_move_a_case(cast: Cast, change):
    episode, other = cast.flagged(), cast.flagged()
    if "patient" in change:
        change = {"patient": other.patient}
    with pytest.raises(DatabaseError), transaction.atomic():
        Episode.objects.filter(id=episode.id).update(**change)


def test_database_refuses_to_remove_a_case(cast: Cast):
    episode = cast.flagged()
    with pytest.raises(DatabaseError), transaction.atomic():
        Episode.objects.filter(id=episode.id)._raw_delete("default")


def test_database_keeps_events_as_they_are(cast: Cast):
    event = closed(cast).events.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(event).objects.filter(id=event.id).update(code="other")


def test_every_way_to_end_an_urgent_case_needs_a_note():
    offered = [d for d in review_policy().dispositions if Tier.URGENT in d.tiers]
    assert offered
    assert all(disposition.needs_note for disposition in offered)
