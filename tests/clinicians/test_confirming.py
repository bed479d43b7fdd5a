"""The highest tier is closed by two: one proposes, another confirms."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicians import tasks
from clinicians.actions import (
    CaseChanged,
    claim,
    confirm_close,
    decline_close,
    end_access,
    record_contact,
    release,
)
from clinicians.definitions import review_policy
from clinicians.models import Notice, ReviewEvent
from clinicians.workflow import CloseRefused, MoveRefused, Status, needs_second
from core.permissions import PermissionRefused
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import Cast, make_flag, make_screening
from tests.clinicians.test_closing import LATER, contacted, proposed

SOON = LATER + timedelta(minutes=2)


def test_urgent_case_waits_for_a_second_person(cast: Cast):
    episode = proposed(cast)
    assert (episode.status, episode.closing_by) == (Status.TO_CONFIRM, cast.alice)
    assert episode.closed_at is None
    assert episode.events.last().kind == ReviewEvent.Kind.CLOSE_PROPOSED


def test_second_person_closes_it_and_both_are_on_record(cast: Cast):
    episode = proposed(cast)
    confirm_close(
        episode=episode,
        seen_version=episode.version,
        note="Agreed.",
        by=cast.bob,
        at=SOON,
    )
    episode.refresh_from_db()
    assert (episode.status, episode.disposition) == (Status.CLOSED, "follow-up")
    assert (episode.closing_by, episode.closed_at) == (None, SOON)
    last = list(episode.events.all())[-2:]
    assert [event.by for event in last] == [cast.alice, cast.bob]


def test_who_proposed_cannot_confirm(cast: Cast):
    episode = proposed(cast)
    with pytest.raises(MoveRefused, match="A colleague has to confirm"):
        confirm_close(
            episode=episode,
            seen_version=episode.version,
            note="",
            by=cast.alice,
            at=SOON,
        )


def test_supervisor_who_proposed_cannot_confirm_either(cast: Cast):
    episode = contacted(cast)
    Episode.objects.filter(id=episode.id).update(
        status=Status.TO_CONFIRM, closing_by=cast.sue
    )
    with pytest.raises(MoveRefused, match="A colleague has to confirm"):
        confirm_close(
            episode=episode, seen_version=episode.version, note="", by=cast.sue, at=SOON
        )


@pytest.mark.parametrize("who", ["ada", "liv", "fred", "charlie"])
def test_second_person_is_somebody_who_reviews_here(cast: Cast, who):
    episode = proposed(cast)
    with pytest.raises(PermissionRefused):
        confirm_close(
            episode=episode,
            seen_version=episode.version,
            note="",
            by=getattr(cast, who),
            at=SOON,
        )


def test_confirming_what_changed_since_is_refused(cast: Cast):
    episode = proposed(cast)
    with pytest.raises(CaseChanged):
        confirm_close(
            episode=episode,
            seen_version=episode.version - 1,
            note="",
            by=cast.bob,
            at=SOON,
        )


def test_flag_that_joined_meanwhile_needs_its_own_contact(cast: Cast):
    episode = proposed(cast)
    make_flag(episode, make_screening(episode.patient), raised_at=SOON)
    with pytest.raises(CloseRefused, match="contact"):
        confirm_close(
            episode=episode,
            seen_version=episode.version,
            note="",
            by=cast.bob,
            at=SOON,
        )


def test_not_agreed_sends_it_back_to_its_owner_with_the_reason(cast: Cast):
    episode = proposed(cast)
    with pytest.raises(MoveRefused, match="Write why"):
        decline_close(episode=episode, reason=" ", by=cast.bob, at=SOON)
    decline_close(episode=episode, reason="Ring the sister too.", by=cast.bob, at=SOON)
    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Status.IN_PROGRESS, cast.alice)
    assert (episode.closing_by, episode.disposition) == (None, "")
    assert episode.next_notice_at is not None
    assert episode.next_notice_at > SOON
    assert episode.events.last().detail == "Ring the sister too."


def test_proposal_is_taken_back_without_a_reason(cast: Cast):
    episode = proposed(cast)
    decline_close(episode=episode, reason="", by=cast.alice, at=SOON)
    episode.refresh_from_db()
    assert episode.status == Status.IN_PROGRESS


def test_decline_of_what_nobody_proposed_is_refused(cast: Cast):
    with pytest.raises(CaseChanged):
        decline_close(episode=contacted(cast), reason="x", by=cast.bob, at=SOON)


@pytest.mark.parametrize("act", [claim, release])
def test_waiting_case_is_neither_claimed_nor_given_back(cast: Cast, act):
    with pytest.raises((MoveRefused, ValueError)):
        act(episode=proposed(cast), by=cast.bob, at=SOON)


def test_nobody_confirms_in_time_and_the_case_climbs(cast: Cast):
    episode = proposed(cast, due_at=LATER + timedelta(days=1))
    late = episode.next_notice_at
    assert late == LATER + timedelta(
        minutes=review_policy().patience[Tier.URGENT].to_confirm
    )
    tasks.tick(lambda: late)
    episode.refresh_from_db()
    assert (episode.status, episode.closing_by) == (Status.OPEN, None)
    assert Notice.objects.filter(episode=episode).exists()
    assert ReviewEvent.Kind.TIMED_OUT in {e.kind for e in episode.events.all()}


def test_owner_who_leaves_leaves_the_case_to_the_team(cast: Cast):
    episode = proposed(cast)
    assert end_access(user=cast.alice, by=cast.ada, at=SOON) == 1
    episode.refresh_from_db()
    assert (episode.status, episode.closing_by) == (Status.OPEN, None)


def test_practice_of_one_person_closes_alone(cast: Cast):
    cast.clinic.second_person = False
    cast.clinic.save()
    assert proposed(cast).status == Status.CLOSED


def test_contact_can_be_recorded_while_it_waits(cast: Cast):
    episode = proposed(cast)
    record_contact(episode=episode, outcome="spoke", text="", by=cast.bob, at=SOON)
    episode.refresh_from_db()
    assert episode.status == Status.TO_CONFIRM


@given(tier=st.sampled_from(Tier), one=st.booleans())
def test_only_the_highest_tier_needs_a_second(tier, one):
    needed = needs_second(review_policy(), tier, clinic_has_one=one)
    assert needed is (one and tier is Tier.URGENT)
