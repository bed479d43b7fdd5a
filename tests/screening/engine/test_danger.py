"""Signs of danger in an answer: flagged at the answer, whatever happens later."""

from datetime import timedelta

import pytest

from core.models import User
from screening import actions, engine
from screening.models import Answer, Episode, Flag, Screening
from tests.screening.conftest import ITEM_9, Walk

ITEM_1 = "/44250-9"
ITEM_2 = "/44255-8"
GAD_1 = "/69725-0"


def test_danger_on_a_stale_page_is_flagged_though_it_does_not_count(
    walking: Walk,
) -> None:
    walking.tap(ITEM_9, 0, key="0.tab-one")
    walking.tap(ITEM_9, 2, key="0.tab-two")
    assert walking.sitting().answers(0) == {ITEM_9: 0}
    assert walking.flags() == ["item-9"]


@pytest.mark.parametrize("same", [True, False])
def test_danger_on_a_stale_page_shows_help(walking: Walk, same: bool) -> None:
    walking.tap(ITEM_9, 2 if same else 0, key="0.tab-one")
    assert walking.tap(ITEM_9, 2, key="0.tab-two").outcome.to == "safety"


def test_danger_after_the_window_shows_help_and_flags(walking: Walk) -> None:
    walking.tap(ITEM_1, 1)
    walking.at += timedelta(hours=80)
    assert walking.tap(ITEM_9, 3).outcome.to == "safety"
    assert "item-9" in walking.flags()
    assert walking.sitting().screening.status == Screening.Status.EXPIRED


@pytest.mark.parametrize("end", ["submit", "expire", "withdraw"])
def test_danger_after_the_end_shows_help_and_flags(walking: Walk, end: str) -> None:
    walking.answer_all(0)
    if end == "submit":
        walking.submit()
    elif end == "expire":
        walking.at += timedelta(hours=80)
        actions.expire_overdue(at=walking.at)
    else:
        engine.withdraw(walking.screening, at=walking.at)
    assert walking.tap(ITEM_9, 3).outcome.to == "safety"
    assert "item-9" in walking.flags()
    assert walking.sitting().answers(0)[ITEM_9] == 0


def test_endorsing_again_after_the_case_was_closed_opens_a_new_one(
    walking: Walk,
) -> None:
    walking.tap(ITEM_9, 2)
    owner = User.objects.create_user(
        email="alice@example.org",
        role="CLINICIAN",
        clinic=walking.screening.clinic,
        created_at=walking.at,
    )
    Episode.objects.update(status="ACKNOWLEDGED", owner=owner)
    for status in ("IN_PROGRESS", "CLOSED"):
        Episode.objects.update(status=status)
    walking.tap(ITEM_9, 0)
    walking.tap(ITEM_9, 2)
    assert Episode.objects.exclude(status="CLOSED").count() == 1


@pytest.mark.parametrize("missing", ["consented_at", "adult_confirmed_at"])
def test_nothing_is_taken_before_age_and_consent(walking: Walk, missing: str) -> None:
    Screening.objects.update(**{missing: None})
    with pytest.raises(engine.Over):
        walking.tap(ITEM_1, 1)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("value", [1, 2, 3])
def test_item_9_is_flagged_at_the_answer(walking: Walk, value: int) -> None:
    outcome = walking.tap(ITEM_9, value).outcome
    assert outcome.to == "safety"
    episode = walking.episode()
    assert (episode.tier, episode.status) == ("URGENT", Episode.Status.OPEN)
    assert episode.next_notice_at == walking.at
    assert Flag.objects.get().evidence_dict["value"] == value


def test_item_9_at_zero_raises_nothing(walking: Walk) -> None:
    assert walking.tap(ITEM_9, 0).outcome.to == "question"
    assert walking.flags() == []


def test_item_9_declined_is_flagged(walking: Walk) -> None:
    walking.say(ITEM_9, declined=True)
    assert walking.flags() == ["item-9-declined"]


def test_item_9_changed_back_to_zero_keeps_flag_and_tier(walking: Walk) -> None:
    walking.tap(ITEM_9, 2)
    before = walking.episode()
    walking.tap(ITEM_9, 0)
    after = walking.episode()
    assert walking.flags() == ["item-9"]
    assert (after.tier_rank, after.due_at) == (before.tier_rank, before.due_at)


def test_item_9_raised_further_is_seen(walking: Walk) -> None:
    walking.tap(ITEM_9, 1)
    walking.tap(ITEM_9, 3)
    assert walking.flags() == ["item-9", "item-9"]
    assert walking.episode().value_rank == 3


@pytest.mark.parametrize("missing", ["consented_at", "adult_confirmed_at"])
def test_nothing_is_submitted_before_age_and_consent(
    walking: Walk, missing: str
) -> None:
    walking.answer_all(0)
    Screening.objects.update(**{missing: None})
    with pytest.raises(engine.Over):
        walking.submit()
    assert walking.sitting().screening.status == Screening.Status.IN_PROGRESS
