"""The queue narrowed down by its address, page after page, and what each row shows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.actions import claim
from clinicians.definitions import queue_policy
from clinicians.models import Absence
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast, make_episode, make_patient, signed_in
from tests.support.html import check_html

HOUR = timedelta(hours=1)
URL = "clinicians:queue"


def read(user, **asked: str) -> str:
    page = signed_in(user).get(reverse(URL), asked).content.decode()
    check_html(page)
    return page


def shown(cast: Cast, **asked: str) -> set[Episode]:
    page = read(cast.alice, **asked)
    return {e for e in Episode.objects.all() if f"cases/{e.id}/" in page}


def to_confirm(cast: Cast, by) -> Episode:
    row = claim(episode=cast.flagged(), by=by, at=timezone.now())
    Episode.objects.filter(id=row.id).update(status="TO_CONFIRM", closing_by=by)
    return row


def test_each_filter_leaves_what_it_names(cast: Cast):
    now = timezone.now()
    late = cast.flagged(due_at=now - HOUR)
    routine = cast.flagged(Tier.ROUTINE, due_at=now + HOUR)
    bobs = claim(episode=cast.flagged(due_at=now + HOUR), by=cast.bob, at=now)
    mine = claim(episode=cast.flagged(due_at=now + HOUR), by=cast.alice, at=now)
    assert shown(cast) == {late, routine, bobs, mine}
    assert shown(cast, tier="ROUTINE") == {routine}
    assert shown(cast, status="ACKNOWLEDGED") == {bobs, mine}
    assert shown(cast, owner="mine") == {mine}
    assert shown(cast, owner="unowned") == {late, routine}
    assert shown(cast, owner=str(cast.bob.id)) == {bobs}
    assert shown(cast, overdue="1") == {late}
    assert shown(cast, tier="ROUTINE", overdue="1") == set()


def test_language_and_rule_narrow_it_down(cast: Cast):
    cast.flagged()
    spanish = make_episode(make_patient(cast.clinic, language="es-US"))
    assert shown(cast, language="es-US") == {spanish}
    assert spanish not in shown(cast, rule="item-9")
    assert shown(cast, rule="phq-9-cut") == set()


def test_only_what_a_colleague_proposed_waits_for_me(cast: Cast):
    bobs, mine = to_confirm(cast, cast.bob), to_confirm(cast, cast.alice)
    assert shown(cast, confirm="1") == {bobs}
    page = read(cast.alice)
    assert "1 to confirm" in page
    assert page.count(">Confirm<") == 1
    assert mine in shown(cast)
    assert "to confirm</a>" not in read(cast.ada)


def test_closed_ones_of_the_last_days_are_found_newest_first(cast: Cast):
    now = timezone.now()
    days = timedelta(days=queue_policy().closed_days)
    for ago in (HOUR, days - HOUR, days + HOUR):
        patient = make_patient(cast.clinic)
        make_episode(patient, status="CLOSED", closed_at=now - ago, next_notice_at=None)
    waiting = cast.flagged()
    found = shown(cast, list="closed")
    assert len(found) == 2
    assert waiting not in found
    page = read(cast.alice, list="closed")
    ids = Episode.objects.filter(status="CLOSED").order_by("-closed_at")[:2]
    assert page.index(str(ids[0].id)) < page.index(str(ids[1].id))


@pytest.mark.parametrize("name", ["tier", "status", "owner", "rule", "list", "confirm"])
def test_a_filter_not_understood_is_said_and_the_rest_holds(cast: Cast, name):
    late = cast.flagged(due_at=NOW)
    cast.flagged(due_at=timezone.now() + HOUR)
    asked = {name: "<nonsense>", "overdue": "1"}
    assert shown(cast, **asked) == {late}
    page = read(cast.alice, **asked)
    assert "&lt;nonsense&gt;” is not known" in page
    assert "Due: Overdue" in page


def test_staff_of_another_clinic_are_no_filter(cast: Cast):
    assert "is not known" in read(cast.alice, owner=str(cast.charlie.id))


def test_each_filter_can_be_taken_away_alone(cast: Cast):
    page = read(cast.alice, tier="URGENT", overdue="1")
    assert 'href="?overdue=1">Tier: Urgent' in page
    assert 'href="?tier=URGENT">Due: Overdue' in page


def test_an_empty_queue_tells_the_truth(cast: Cast):
    assert "Nothing is waiting" in read(cast.alice)
    cast.flagged()
    page = read(cast.alice, tier="ROUTINE")
    assert "Nothing matches these filters" in page
    assert "Nothing is waiting" not in page


@pytest.mark.parametrize("which", ["", "closed"])
def test_pages_follow_one_another_without_loss(cast: Cast, monkeypatch, which):
    now, small = timezone.now(), queue_policy()
    small = replace(small, page=2)
    for place in ("clinicians.presenters.queue", "clinicians.presenters.filters"):
        monkeypatch.setattr(f"{place}.queue_policy", lambda: small)
    fields: dict[str, Any] = {"due_at": NOW}
    if which:
        fields = {"status": "CLOSED", "closed_at": now - HOUR, "next_notice_at": None}
    everything = [cast.flagged(**fields) for _ in range(5)]
    client, seen = signed_in(cast.alice), []
    href = f"{reverse(URL)}?list={which}"
    while href:
        page = client.get(href).content.decode()
        here = [e.id for e in everything if f"cases/{e.id}/" in page]
        assert len(here) <= 2
        seen += here
        _, found, rest = page.partition('rel="next" href="')
        href = reverse(URL) + rest.split('"')[0].replace("&amp;", "&") if found else ""
    assert sorted(seen) == sorted(e.id for e in everything)


@pytest.mark.parametrize(
    "place", ["x", "0~x~0~y", "0~2026-09-15T14:00:00~0~x", "~~~", "0"]
)
def test_a_page_that_is_none_leads_to_the_first(cast: Cast, place):
    episode = cast.flagged()
    assert episode in shown(cast, after=place)
    assert "That page is not known" in read(cast.alice, after=place)


def test_row_says_when_it_is_due_and_who_stands_in(cast: Cast):
    now = timezone.now()
    row = claim(episode=cast.flagged(due_at=NOW), by=cast.bob, at=now)
    Episode.objects.filter(id=row.id).update(snoozed_until_at=now + HOUR)
    Absence.objects.create(
        clinic=cast.clinic,
        user=cast.bob,
        cover=cast.sue,
        starts_at=now - HOUR,
        ends_at=now + HOUR,
        created_at=now,
    )
    page = read(cast.alice)
    assert "Tue 15 Sep 2026, 10:00 EDT" in page
    assert "Sue Field stands in" in page
    assert "Put off until" in page
    assert "No contact yet" in page


def test_administrator_cannot_ask_by_rule(cast: Cast):
    cast.flagged()
    page = read(cast.ada, rule="item-9")
    assert 'name="rule"' not in page
    assert "Item 9" not in page
