"""The queue: what stands first, what each row says, and who sees it."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.actions import claim
from clinicians.models import Notice
from clinicians.presenters.queue import open_cases
from clinicians.workflow import TOP
from core.models import SystemHeartbeat
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import (
    NOW,
    RULES,
    Cast,
    make_episode,
    make_flag,
    make_patient,
    make_screening,
    signed_in,
)

URL = "clinicians:queue"
HOUR = timedelta(hours=1)


def test_queue_is_ordered_by_tier_then_due_then_value(cast: Cast):
    routine = cast.flagged(Tier.ROUTINE, due_at=NOW - HOUR)
    later = cast.flagged(due_at=NOW + HOUR)
    lower = cast.flagged(due_at=NOW - HOUR, value_rank=1)
    higher = cast.flagged(due_at=NOW - HOUR, value_rank=3)
    concern = cast.flagged(Tier.CONCERN, due_at=NOW - 2 * HOUR)
    high = cast.flagged(Tier.HIGH, due_at=NOW)
    assert list(open_cases(cast.clinic)) == [
        higher,
        lower,
        later,
        high,
        routine,
        concern,
    ]


def test_row_says_why_in_words(cast: Cast):
    cast.flagged()
    page = signed_in(cast.alice).get(reverse(URL)).content.decode()
    assert "hurting yourself" in page
    assert "Several days" in page
    assert f"rule item-9, version {RULES}" in page
    assert "Nobody yet" in page
    assert "Overdue by" in page


def test_row_of_a_score_leaves_its_sources_to_the_case(cast: Cast):
    evidence = {"detail": "PHQ-9 total 12; from 10 on (Kroenke 2001)", "words": None}
    episode = make_episode(make_patient(cast.clinic), tier=Tier.HIGH)
    fields = {"rule": "phq-9-cut", "evidence": json.dumps(evidence)}
    make_flag(episode, make_screening(episode.patient), **fields)
    client = signed_in(cast.alice)
    queue = client.get(reverse(URL)).content.decode()
    assert "PHQ-9 total 12" in queue
    assert f"rule phq-9-cut, version {RULES}" in queue
    assert "Kroenke" not in queue
    case = client.get(reverse("clinicians:case", args=[episode.id])).content.decode()
    assert "PHQ-9 total 12; from 10 on (Kroenke 2001)" in case


def test_row_of_an_answer_says_it_once(cast: Cast):
    cast.flagged()
    page = signed_in(cast.alice).get(reverse(URL)).content.decode()
    assert page.count("Several days") == 1


def test_row_never_calls_a_risk_low(cast: Cast):
    cast.flagged()
    page = signed_in(cast.alice).get(reverse(URL)).content.decode().lower()
    assert "low risk" not in page
    assert "high risk" not in page


def test_queue_leaves_out_what_is_closed(cast: Cast):
    make_episode(make_patient(cast.clinic), status="CLOSED", next_notice_at=None)
    assert not open_cases(cast.clinic).exists()


def test_queue_of_another_clinic_is_not_seen(cast: Cast):
    episode = cast.flagged()
    page = signed_in(cast.charlie).get(reverse(URL)).content.decode()
    assert str(episode.id) not in page
    assert "Nothing is waiting" in page


def test_queue_asks_the_database_as_often_for_many_rows_as_for_one(
    cast: Cast, django_assert_num_queries
):
    client = signed_in(cast.alice)
    client.get(reverse(URL))
    for _ in range(12):
        episode = cast.flagged()
        make_flag(episode, make_screening(episode.patient))
        with django_assert_num_queries(11):
            client.get(reverse(URL))


def test_administrator_sees_that_work_waits_but_not_why(cast: Cast):
    cast.flagged()
    cast.flagged()
    page = signed_in(cast.ada).get(reverse(URL)).content.decode()
    assert "Several days" not in page
    assert page.count("does not read cases") == 1


@pytest.mark.parametrize("who", ["fred", "liv"])
def test_queue_is_closed_to_other_roles(cast: Cast, who):
    client = signed_in(getattr(cast, who))
    assert client.get(reverse("clinicians:live")).status_code == 403


def test_header_counts_urgent_cases_without_owner(cast: Cast):
    cast.flagged()
    claim(episode=cast.flagged(), by=cast.bob, at=NOW)
    page = signed_in(cast.alice).get(reverse("clinicians:patients")).content.decode()
    assert "1 urgent without an owner" in page
    assert "<title>(1) " in page


def test_banner_stays_while_nobody_answers(cast: Cast):
    SystemHeartbeat.objects.create(name="watch", at=timezone.now())
    episode = cast.flagged(ladder_step=TOP)
    client = signed_in(cast.alice)
    text = "gone up the whole ladder"
    page = client.get(reverse("clinicians:patients")).content.decode()
    assert text in page
    assert '?owner=unowned">See the queue</a>' in page

    Episode.objects.filter(id=episode.id).update(ladder_step=TOP - 1)
    assert text not in client.get(reverse("clinicians:patients")).content.decode()


def test_banner_tells_of_notices_that_reached_nobody(cast: Cast):
    SystemHeartbeat.objects.create(name="watch", at=timezone.now())
    given = {"step": "team", "recipient": "x@y.example", "created_at": NOW}
    episode = cast.flagged()
    Notice.objects.create(episode=episode, round=0, key="1", failed_at=NOW, **given)
    client, text = signed_in(cast.alice), "could not be delivered"
    assert text in client.get(reverse(URL)).content.decode()

    Episode.objects.filter(id=episode.id).update(ladder_round=1)
    assert text not in client.get(reverse(URL)).content.decode()


def test_banner_warns_when_the_safety_loop_is_silent(cast: Cast):
    page = signed_in(cast.alice).get(reverse(URL)).content.decode()
    assert "the safety loop has stopped" in page


def test_queue_is_kept_out_of_caches(cast: Cast):
    response = signed_in(cast.alice).get(reverse(URL))
    assert response["Cache-Control"] == "no-store"


def test_queue_takes_no_post(cast: Cast):
    assert signed_in(cast.alice).post(reverse(URL)).status_code == 405
