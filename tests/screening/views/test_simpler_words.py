"""“Say it more simply”, then “Even simpler”: the clinic's texts, beneath the official one."""

import html
from datetime import datetime

import pytest
from django.utils import timezone

from core.models import Clinic, Role, User
from screening import actions
from screening.domain.wordings import Level
from screening.models import Answer, Wording
from tests.cast import make_user
from tests.screening.views.conftest import Visitor
from tests.wordings import ENERGY, draft, shipped

Q4 = "/question/1/4/"
OFFICIAL = "Feeling tired or having little energy"


@pytest.fixture
def gated(asked: Visitor) -> Visitor:
    Clinic.objects.update(wording_policy="gated")
    return asked


def beneath(visitor: Visitor) -> str:
    text = html.unescape(visitor.text)
    return text.partition('id="beneath"')[2].partition("</div>")[0]


def reviewer() -> User:
    return make_user(Clinic.objects.get(), Role.CLINICIAN)


def veto(text) -> None:
    actions.veto(
        clinic=Clinic.objects.get(),
        draft=text,
        reason="It blames.",
        by=reviewer(),
        at=now(),
    )


def now() -> datetime:
    return timezone.now()


def propose(origin: Wording.Origin) -> Wording:
    return actions.propose(
        clinic=Clinic.objects.get(),
        draft=draft(origin=origin),
        by=reviewer(),
        at=now(),
    )


def test_plain_words_come_first_and_lead_on_to_easy_ones(gated: Visitor):
    gated.get(f"{Q4}?more=plainer")
    assert shipped().text in beneath(gated)
    assert "The same question in simpler words" in beneath(gated)
    assert f"{Q4}?more=easier#beneath" in gated.text
    assert OFFICIAL in gated.text

    gated.get(f"{Q4}?more=easier")
    assert shipped(level=Level.EASY).text in beneath(gated)
    assert "in the simplest words we have" in beneath(gated)
    assert "more=easier#" not in gated.text
    assert OFFICIAL in gated.text


def test_easy_words_stand_in_where_there_are_no_plain_ones(gated: Visitor):
    veto(shipped())
    gated.get(f"{Q4}?more=plainer")
    assert shipped(level=Level.EASY).text in beneath(gated)


def test_no_further_step_is_offered_where_there_is_none(gated: Visitor):
    veto(shipped(level=Level.EASY))
    assert "more=easier" not in gated.get(f"{Q4}?more=plainer").text
    assert "has not approved" in beneath(gated.get(f"{Q4}?more=easier"))


def test_veto_holds_on_the_next_page(gated: Visitor):
    assert shipped().text in beneath(gated.get(f"{Q4}?more=plainer"))
    veto(shipped())
    assert shipped().text not in beneath(gated.get(f"{Q4}?more=plainer"))


@pytest.mark.parametrize("more", ["plainer", "easier"])
def test_item_9_has_no_other_words(gated: Visitor, more: str):
    gated.get(f"/question/1/9/?more={more}")
    assert "only in its exact words" in beneath(gated)


def test_a_programs_unsigned_text_is_labelled_as_such(gated: Visitor):
    propose(Wording.Origin.GENERATED)
    veto(shipped())
    gated.get(f"{Q4}?more=plainer")
    assert ENERGY in beneath(gated)
    assert "Written by a computer program" in beneath(gated)


def test_clinics_own_text_goes_with_the_answer_whatever_becomes_of_it(gated: Visitor):
    row = propose(Wording.Origin.WRITTEN)
    gated.get(f"{Q4}?more=plainer")
    assert ENERGY in beneath(gated)
    veto(draft())
    gated.answer(1)
    shown = Answer.objects.get().shown
    assert shown["wordings"] == [f"{row.key}@{row.mark}"]
    assert shown["texts"] == {f"{row.key}@{row.mark}": ENERGY}
