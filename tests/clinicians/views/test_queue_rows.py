"""What one row of the queue tells by itself, and in which order rows always stand."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from clinicians.actions import claim, record_contact
from clinicians.presenters.queue import open_cases
from core.models import Patient
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

ROW = re.compile(r'<tr class="is-urgent" id="case-.*?</tr>', re.DOTALL)
ADDRESS = "/staff/?tier=URGENT"


def rows(cast: Cast, address: str = ADDRESS) -> list[str]:
    page = signed_in(cast.alice).get(address).content.decode()
    return ROW.findall(page)


def flagged(patient: Patient):
    """A case with one flag, in hand, whose patient was rung once."""
    episode = make_episode(patient)
    make_flag(episode, make_screening(patient))
    return episode


def test_row_tells_everything_without_being_pointed_at(cast: Cast):
    """Why, by which rule and version, in which words; due, owner, contact, language."""
    now = timezone.now()
    episode = flagged(make_patient(cast.clinic, language="es-US"))
    claim(episode=episode, by=cast.alice, at=now)
    record_contact(
        episode=episode,
        outcome="no-answer",
        text="Rang twice.",
        by=cast.alice,
        at=now,
    )
    (row,) = rows(cast)
    for said in (
        "Thoughts of death or self-harm",
        f"rule item-9, version {RULES}",
        "hurting yourself in some way",
        "Several days",
        "Overdue by",
        "Tue 15 Sep 2026, 10:00 EDT",
        "Alice Moore",
        "Last contact less than a minute ago",
        "Spanish",
    ):
        assert said in row
    assert "title=" not in row
    assert "data-tooltip" not in row


def test_cases_as_pressing_as_each_other_keep_their_order(cast: Cast):
    """The same address shows the same order, whoever wrote to a row meanwhile."""
    cases = [flagged(make_patient(cast.clinic)) for _ in range(6)]
    order = [re.findall(r"case-([0-9a-f-]{36})", row)[0] for row in rows(cast)]
    assert order == sorted(str(case.id) for case in cases)
    for case in cases[:3]:
        # A database gives what was written last at another place, unless it is told.
        case.opened_at = NOW - timedelta(days=1)
        case.save()
    assert [str(case.id) for case in open_cases(cast.clinic)] == order


def test_address_alone_brings_the_same_list_back(cast: Cast):
    """Filters stand in the address: sent to a colleague, it opens the same."""
    flagged(make_patient(cast.clinic))
    shown = "?owner=unowned&tier=URGENT"
    page = signed_in(cast.bob).get(reverse("clinicians:queue") + shown)
    kept = page.context["queue"].wanted.query()
    assert sorted(kept.split("&")) == ["owner=unowned", "tier=URGENT"]
    again = signed_in(cast.sue).get(f"/staff/?{kept}").context["queue"]
    assert again.wanted.query() == kept
    assert [tag.text for tag in again.tags] == ["Tier: Urgent", "Owner: Nobody"]
    assert len(again.rows) == 1


def test_what_a_model_raised_is_labelled_in_queue_and_case(cast: Cast):
    episode = make_episode(make_patient(cast.clinic))
    make_flag(episode, make_screening(episode.patient), source="MODEL")
    (row,) = rows(cast)
    assert "(raised by a language model)" in row
    case = reverse("clinicians:case", args=[episode.id])
    assert "language model" in signed_in(cast.alice).get(case).content.decode()
