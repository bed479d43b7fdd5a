"""A page that is open on what was entered in error: nothing is read, danger is heard."""

import pytest
from django.utils import timezone

from core.models import Role
from screening.actions import Grounds, retract
from screening.models import Answer, Flag, Screening, Turn
from tests.cast import make_user
from tests.screening.views.conftest import Visitor

pytestmark = pytest.mark.django_db
ITEM_9 = "/question/1/9/"


@pytest.fixture
def left_open(asked: Visitor, screening: Screening) -> Visitor:
    """On the question about self-harm, in a check-in that ran out and that staff have
    marked as entered in error since."""
    asked.answer(0)
    asked.get(ITEM_9)
    page = asked.page
    Screening.objects.filter(id=screening.id).update(
        status=Screening.Status.EXPIRED, closed_at=timezone.now()
    )
    grounds = Grounds(reason="other-person", label="Somebody else gave these answers")
    staff = make_user(screening.clinic, Role.CLINICIAN)
    retract(screening_id=screening.id, grounds=grounds, by=staff, at=timezone.now())
    asked.page, asked.path = page, ITEM_9
    return asked


def rules() -> list[str]:
    return sorted(Flag.objects.values_list("rule", flat=True))


def test_nothing_is_read_there_any_more(left_open: Visitor):
    for path in (ITEM_9, "/question/1/1/", "/review/", "/done/", "/stop/"):
        assert left_open.get(path).page.status_code == 404, path
    assert left_open.client.post("/done/copy/").status_code == 404
    before = Answer.objects.count()
    assert left_open.post("/question/1/1/", choice="3").page.status_code == 404
    assert Answer.objects.count() == before


def test_item_9_still_raises_its_flag_and_leads_to_help(left_open: Visitor):
    assert "988" in left_open.answer(2).text
    assert rules() == ["item-9"]


def test_crisis_words_are_still_kept_heard_and_lead_to_help(left_open: Visitor):
    assert "988" in left_open.post(words="I want to kill myself").text
    assert rules() == ["crisis-words-urgent"]
    assert Turn.objects.filter(kind=Turn.Kind.WORDS).count() == 1


def test_a_call_can_still_be_asked_for(left_open: Visitor):
    left_open.get("/call/").post(callback_number="202-555-0199")
    assert left_open.page.status_code == 200
    assert len(rules()) == 1
    screening = Screening.objects.get()
    assert screening.callback_number == "202-555-0199"
