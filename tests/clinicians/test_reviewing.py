"""Claiming, giving back, notes and contact: who may, and what stays on record."""

from datetime import timedelta

import pytest

from clinicians.actions import (
    ClaimedByOther,
    NoteRefused,
    claim,
    note,
    record_contact,
    release,
)
from clinicians.models import Notice, ReviewEvent
from clinicians.workflow import MoveRefused, Status
from core.models import AuditEvent
from core.permissions import PermissionRefused
from tests.cast import NOW, Cast

LATER = NOW + timedelta(minutes=5)


def test_claim_gives_the_case_an_owner_and_a_clock(cast: Cast):
    episode = cast.flagged(due_at=NOW + timedelta(hours=4))

    claim(episode=episode, by=cast.alice, at=LATER)

    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Status.ACKNOWLEDGED, cast.alice)
    assert episode.acknowledged_at == LATER
    assert episode.next_notice_at == LATER + timedelta(minutes=60)


def test_claim_looks_again_at_the_due_time_at_the_latest(cast: Cast):
    due = NOW + timedelta(minutes=20)
    episode = cast.flagged(due_at=due)
    assert claim(episode=episode, by=cast.alice, at=LATER).next_notice_at == due


def test_claim_is_in_the_log_and_on_the_case(cast: Cast):
    episode = cast.flagged()
    claim(episode=episode, by=cast.alice, at=LATER)

    event = episode.events.get()
    line = AuditEvent.objects.get(object_id=str(episode.id))
    assert (event.kind, event.by, event.at) == ("ACKNOWLEDGED", cast.alice, LATER)
    assert (line.kind, line.actor_id) == ("CASE_ACKNOWLEDGED", str(cast.alice.id))


def test_claim_by_a_second_person_says_who_has_it(cast: Cast):
    episode = cast.flagged()
    claim(episode=episode, by=cast.alice, at=LATER)

    with pytest.raises(ClaimedByOther, match="Alice Moore") as refused:
        claim(episode=episode, by=cast.bob, at=LATER)
    assert refused.value.owner == cast.alice


def test_claim_pressed_twice_is_one_claim(cast: Cast):
    episode = cast.flagged()
    claim(episode=episode, by=cast.alice, at=LATER)
    claim(episode=episode, by=cast.alice, at=LATER + timedelta(minutes=1))
    assert episode.events.count() == 1


def test_claim_stops_what_was_not_sent_yet(cast: Cast):
    episode = cast.flagged()
    notice = Notice.objects.create(
        episode=episode,
        round=0,
        step="team",
        recipient="team@clinic.example",
        key="k",
        created_at=NOW,
        next_at=NOW,
    )
    claim(episode=episode, by=cast.alice, at=LATER)

    notice.refresh_from_db()
    assert (notice.next_at, notice.stopped_at) == (None, LATER)


@pytest.mark.parametrize("who", ["ada", "fred", "liv", "charlie"])
def test_claim_is_refused_to_whoever_may_not_review_here(cast: Cast, who: str):
    episode = cast.flagged()
    with pytest.raises(PermissionRefused):
        claim(episode=episode, by=getattr(cast, who), at=LATER)
    assert not ReviewEvent.objects.exists()


def test_release_tells_the_team_at_once(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    release(episode=episode, by=cast.alice, at=LATER, reason="Off shift")

    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Status.OPEN, None)
    assert (episode.next_notice_at, episode.ladder_step) == (LATER, 0)
    assert episode.events.last().detail == "Off shift"


def test_release_of_a_colleagues_case_needs_a_supervisor(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    with pytest.raises(MoveRefused, match="owner or a supervisor"):
        release(episode=episode, by=cast.bob, at=LATER)
    assert release(episode=episode, by=cast.sue, at=LATER).status == Status.OPEN


def test_note_by_the_owner_is_progress(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    note(episode=episode, text="Rang at ten.", by=cast.alice, at=LATER)

    episode.refresh_from_db()
    assert (episode.status, episode.progressed_at) == (Status.IN_PROGRESS, LATER)
    assert episode.next_notice_at == LATER + timedelta(minutes=240)


def test_note_by_a_colleague_moves_nothing(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    note(episode=episode, text="Seen last week.", by=cast.bob, at=LATER)

    episode.refresh_from_db()
    assert episode.status == Status.ACKNOWLEDGED
    assert episode.events.last().detail == "Seen last week."


def test_note_on_an_open_case_does_not_stop_its_notices(cast: Cast):
    episode = cast.flagged()
    note(episode=episode, text="Looking for the number.", by=cast.alice, at=LATER)
    episode.refresh_from_db()
    assert (episode.status, episode.next_notice_at) == (Status.OPEN, NOW)


def test_note_without_words_is_refused(cast: Cast):
    with pytest.raises(NoteRefused):
        note(episode=cast.flagged(), text=" ", by=cast.alice, at=LATER)


def test_progress_keeps_the_look_that_a_new_flag_has_made_due(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    type(episode).objects.filter(id=episode.id).update(next_notice_at=LATER)
    note(episode=episode, text="Rang.", by=cast.alice, at=LATER)
    episode.refresh_from_db()
    assert episode.next_notice_at == LATER


def test_contact_keeps_its_outcome(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    record_contact(
        episode=episode, outcome="no-answer", text="", by=cast.alice, at=LATER
    )
    assert episode.events.last().code == "no-answer"


@pytest.mark.parametrize(
    ("outcome", "text", "reason"),
    [
        ("", "x", "Choose how the contact attempt ended."),
        ("not-tried", " ", "Write a note. .*No attempt was made"),
    ],
)
def test_contact_that_says_too_little_is_refused(
    cast: Cast, outcome: str, text: str, reason: str
):
    with pytest.raises(NoteRefused, match=reason):
        record_contact(
            episode=cast.flagged(), outcome=outcome, text=text, by=cast.alice, at=NOW
        )
