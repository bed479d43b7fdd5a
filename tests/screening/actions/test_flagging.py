"""One open episode a patient: flags join it and raise it, nothing lowers it."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit import Actor
from core.models import User
from screening.actions.flagging import raise_flags
from screening.domain.flags import Evidence, RaisedFlag
from screening.domain.rules import Tier, tier_rank
from screening.models import Episode, Flag, Screening
from tests.screening.conftest import ITEM_9, NOW, Walk

BY = Actor.system("test")


def flag(tier: Tier, key: str, value: int | None = None) -> RaisedFlag:
    return RaisedFlag(
        rule="test",
        version="1",
        tier=tier,
        title="A test",
        evidence=Evidence(detail="", value=value),
        key=key,
    )


def raised(walking: Walk, *flags: RaisedFlag, minutes: int = 0) -> None:
    screening = Screening.objects.select_related("clinic").get(id=walking.screening.id)
    raise_flags(screening, flags, by=BY, at=NOW + timedelta(minutes=minutes))
    screening.save()


def test_two_screenings_of_a_patient_share_one_episode(
    walk: Callable[..., Walk],
) -> None:
    first = walk()
    first.tap(ITEM_9, 1)
    second = walk()
    second.tap(ITEM_9, 2)
    assert Episode.objects.count() == 1
    assert Episode.objects.get().flags.count() == 2


def test_same_key_is_raised_once(walking: Walk) -> None:
    raised(walking, flag(Tier.URGENT, "one"))
    raised(walking, flag(Tier.URGENT, "one"), minutes=5)
    assert Flag.objects.count() == 1


def test_later_lesser_flag_lowers_nothing(walking: Walk) -> None:
    raised(walking, flag(Tier.URGENT, "one", value=3))
    before = walking.episode()
    raised(walking, flag(Tier.ROUTINE, "two", value=0), minutes=5)
    after = walking.episode()
    assert (after.tier, after.value_rank) == (before.tier, before.value_rank)
    assert after.due_at == before.due_at


def test_later_graver_flag_raises_and_calls_again(walking: Walk) -> None:
    raised(walking, flag(Tier.ROUTINE, "one"))
    raised(walking, flag(Tier.URGENT, "two"), minutes=5)
    episode = walking.episode()
    assert episode.tier == "URGENT"
    assert episode.next_notice_at == NOW + timedelta(minutes=5)


def test_urgent_flag_on_an_acknowledged_case_calls_again(walking: Walk) -> None:
    raised(walking, flag(Tier.URGENT, "one"))
    owner = User.objects.create_user(
        email="alice@example.org",
        role="CLINICIAN",
        clinic=walking.screening.clinic,
        created_at=NOW,
    )
    Episode.objects.update(status="ACKNOWLEDGED", owner=owner, next_notice_at=None)
    raised(walking, flag(Tier.URGENT, "two"), minutes=9)
    assert walking.episode().next_notice_at == NOW + timedelta(minutes=9)


@pytest.mark.django_db
@given(tiers=st.lists(st.sampled_from(list(Tier)), min_size=1, max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_in_whatever_order_only_raises(
    walk: Callable[..., Walk], tiers: list[Tier]
) -> None:
    walking, graves = walk(), []
    for minute, tier in enumerate(tiers):
        raised(walking, flag(tier, f"{uuid.uuid4()}"), minutes=minute)
        graves.append(walking.episode().tier_rank)
    assert graves == sorted(graves, reverse=True)
    assert graves[-1] <= min(tier_rank(tier) for tier in tiers)


def test_normal_answers_later_leave_the_case_as_it_is(
    walk: Callable[..., Walk],
) -> None:
    """Whoever is better next time was not seen yet all the same."""
    walk().tap(ITEM_9, 1)
    before = Episode.objects.values().get()
    later = walk()
    later.answer_all(0)
    later.submit()
    assert later.flags() == []
    assert Episode.objects.values().get() == before
