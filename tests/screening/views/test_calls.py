""" "Ask someone to call me": from help, from the safety page, and from outside."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from core.models import Clinic
from screening.actions import Invited
from screening.models import Episode, Flag, Screening, Turn
from tests.screening.views.conftest import Visitor

MONDAY_TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


def rules() -> list[str]:
    return list(Flag.objects.order_by("raised_at").values_list("rule", flat=True))


def test_one_press_asks_and_the_page_says_by_when(asked: Visitor):
    asked.get("/help/")
    assert 'href="/call/"' in asked.text
    asked.get("/call/").post(callback_number="202-555-0143")
    assert asked.path == "/call/"
    assert "You asked for a call" in asked.text
    assert "ends in 43" in asked.text
    assert "202-555-0143" not in asked.text
    assert "Someone at the clinic will look at it by" in asked.text or (
        "closed right now" in asked.text
    )
    assert rules() == ["call-asked"]


def test_pressing_twice_asks_once(asked: Visitor):
    asked.get("/call/").post(callback_number="")
    asked.post(callback_number="").post(callback_number="")
    assert rules() == ["call-asked"]
    assert "We have no number from you yet." in asked.text


def test_safety_page_asks_with_one_press(asked: Visitor):
    asked.get("/question/1/9/").answer(1)
    assert '<form method="post" action="/call/">' in asked.text
    asked.post("/call/", callback_number="")
    assert "You asked for a call" in asked.text
    assert rules() == ["item-9", "call-asked"]


def test_what_is_no_number_is_asked_for_again_and_the_request_stands(asked: Visitor):
    asked.get("/call/").post(callback_number="my sister’s")
    assert asked.page.status_code == 422
    assert "We have your request." in asked.text
    assert 'value="my sister’s"' in asked.text
    assert rules() == ["call-asked"]


def test_crisis_words_in_the_place_of_a_number_are_heard(asked: Visitor):
    asked.get("/call/").post(callback_number="I want to kill myself")
    assert "Thank you for telling us" in asked.text
    assert "crisis-words-urgent" in rules()
    assert Turn.objects.get(kind="WORDS").words == "I want to kill myself"


def test_crisis_words_around_a_number_are_heard_too(asked: Visitor):
    asked.get("/call/").post(callback_number="202-555-0143 I want to die")
    assert "Thank you for telling us" in asked.text
    assert rules() == ["call-asked", "crisis-words-urgent"]
    assert Screening.objects.get().callback_number


@pytest.mark.parametrize(
    ("at", "holidays", "promised"),
    [
        (MONDAY_TEN, [], "by 2 p.m. EST today"),
        (MONDAY_TEN, ["2026-03-02"], "on Tuesday, March 3"),
        (SUNDAY, [], "on Monday, March 2"),
    ],
)
def test_hours_are_honest(
    asked: Visitor, clinic: Clinic, at: datetime, holidays: list[str], promised: str
):
    Clinic.objects.update(holidays=holidays)
    with time_machine.travel(at, tick=False):
        session = asked.client.cookies["checkin"].value  # signed later than `at`
        asked.client.cookies["checkin"] = session
        page = asked.client.get("/call/").content.decode()
    assert promised in page
    assert "Nobody watches this live." in page
    assert ("closed right now" in page) == (at == SUNDAY or bool(holidays))


def test_minor_and_before_consent_may_ask(visitor: Visitor, invited):
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="15", year="1990")
    visitor.get("/age/").post(adult="no")
    visitor.get("/call/").post(callback_number="I want to die")
    assert rules() == ["call-asked", "crisis-words-urgent"]
    assert "Thank you for telling us" in visitor.text
    assert Screening.objects.get().callback_number == ""


def test_without_a_check_in_it_says_how_to_reach_the_clinic(visitor: Visitor, invited):
    page = Client().get("/call/").content.decode()
    assert "open the link that your clinic gave you" in page
    assert "tel:" not in page
    visitor.get(f"/i/{invited.token}/").post()
    assert 'href="tel:202-555-0100"' in visitor.get("/call/").text
    assert 'href="tel:202-555-0100"' in visitor.get("/help/").text
    assert visitor.client.post("/call/").status_code == 200
    assert not Episode.objects.exists()


def test_help_says_what_happens_when_you_call_in_both_languages(client: Client):
    page = client.get("/help/").content.decode()
    assert "What happens when you call a line" in page
    assert 'rel="noreferrer"' in page
    spanish = client.get("/help/", headers={"Accept-Language": "es"}).content.decode()
    assert "Qué pasa cuando llama a una línea" in spanish


@pytest.fixture
def opened(visitor: Visitor, invited: Invited) -> Visitor:
    """A visitor who is of age and has not consented yet."""
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="15", year="1990")
    return visitor.get("/age/").post(adult="yes")


@pytest.mark.parametrize(
    ("page", "box"), [("/about-you/", "whereabouts"), ("/call/", "callback_number")]
)
def test_crisis_words_before_consent_are_heard(opened: Visitor, page: str, box: str):
    opened.get(page).post(**{box: "I want to kill myself tonight"})
    assert "Thank you for telling us" in opened.text
    assert 'href="tel:988"' in opened.text
    flag = Flag.objects.get(rule="crisis-words-urgent")
    assert flag.screening.consented_at is None
    assert flag.episode.tier == "URGENT"


def test_an_address_alone_flags_nothing_and_the_path_goes_on(opened: Visitor):
    opened.get("/about-you/").post(
        whereabouts="At my sister’s, 12 Slaughter Lane", callback_number="202-555-0143"
    )
    assert opened.path == "/consent/"
    assert not Flag.objects.exists()


@pytest.mark.parametrize("too_much", ["x" * 300, "\x00"])
def test_crisis_words_that_cannot_be_kept_are_heard_all_the_same(
    opened: Visitor, too_much: str
):
    words = f"I want to kill myself tonight {too_much}"
    opened.get("/about-you/").post(whereabouts=words, callback_number="202-555-0143")
    assert "Thank you for telling us" in opened.text
    flag = Flag.objects.get(rule="crisis-words-urgent")
    assert flag.screening.callback_number == ""


def test_too_long_an_address_is_refused_and_still_there(opened: Visitor):
    opened.get("/about-you/").post(whereabouts="At work " * 40)
    assert opened.page.status_code == 422
    assert "At work At work" in opened.text
    assert not Flag.objects.exists()
