"""Going on by the same link: what was answered before stays out of sight until asked for."""

import html
from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent
from screening.actions import Invited
from screening.models import Answer, Invitation, Screening
from tests.screening.views.conftest import Visitor

SHOW = "Show my earlier answers"
RIGHT = {"month": "1", "day": "15", "year": "1990"}


def opened(invited: Invited) -> Visitor:
    """Another device, on which the link was just opened."""
    other = Visitor()
    other.get(f"/i/{invited.token}/").post()
    return other.post(**RIGHT)


@pytest.fixture
def back(asked: Visitor, invited: Invited) -> Visitor:
    """A patient who answered two questions elsewhere and gave a number to call."""
    asked.get("/about-you/").post(callback_number="202-555-0143", whereabouts="Home")
    asked.get("/question/1/1/").answer(2)
    asked.answer(3)
    return opened(invited)


def shown(visitor: Visitor) -> str:
    return html.unescape(visitor.text)


def test_way_back_leads_to_the_first_open_question(back: Visitor) -> None:
    assert back.path == "/start/"
    assert "Go on where you left off" in back.text
    assert 'class="button" href="/question/1/3/"' in back.text
    assert "shown only if you ask for them" in shown(back)


def test_earlier_answers_are_not_shown_until_asked_for(back: Visitor) -> None:
    assert " checked" not in back.get("/question/1/1/").text
    assert "Your answer is kept, and not shown here" in shown(back)
    assert "More than half the days" not in back.get("/review/").text
    assert back.text.count("Answered, not shown") == 2
    back.post("/review/earlier/")
    assert back.path == "/review/"
    assert "More than half the days" in back.text
    assert SHOW not in back.text
    assert 'value="2" id="choice-3" checked' in back.get("/question/1/1/").text
    assert AuditEvent.objects.filter(kind="EARLIER_ANSWERS_SHOWN").count() == 1


def test_what_was_answered_in_this_session_is_shown(back: Visitor) -> None:
    back.get("/question/1/3/").answer(1)
    assert 'value="1" id="choice-2" checked' in back.get("/question/1/3/").text
    assert "Several days" in back.get("/review/").text
    assert "Nearly every day" not in back.text


def test_answer_out_of_sight_is_kept_or_changed(back: Visitor) -> None:
    back.get("/question/1/1/").post()
    assert back.path == "/question/1/3/"
    assert Answer.objects.count() == 2
    back.get("/question/1/2/").answer(0)
    newest = Answer.objects.filter(link_id="/44255-8").latest("seq")
    assert newest.value == 0
    assert 'value="0" id="choice-1" checked' in back.get("/question/1/2/").text


def test_words_from_before_are_out_of_sight_too(
    asked: Visitor, invited: Invited
) -> None:
    asked.post(words="about three days")
    typed = asked.path
    assert "about three days" in asked.get(typed).text
    assert opened(invited).get(typed).path == "/review/"


def test_next_opening_hides_them_again(back: Visitor, invited: Invited) -> None:
    back.post("/review/earlier/")
    again = opened(invited)
    assert "Answered, not shown" in again.get("/review/").text


def test_how_to_reach_the_patient_is_kept_out_of_sight(back: Visitor) -> None:
    assert "202-555-0143" not in back.get("/about-you/").text
    assert "Leave a box empty to keep it" in back.text
    back.post(whereabouts="At work")
    kept = Screening.objects.get()
    assert (kept.callback_number, kept.whereabouts) == ("202-555-0143", "At work")
    assert "202-555-0143" not in back.get("/about-you/").text


def test_nothing_is_hidden_from_whoever_has_just_begun(asked: Visitor) -> None:
    asked.answer(2)
    assert SHOW not in asked.get("/review/").text
    assert "More than half the days" in asked.text


def test_stale_answers_begin_again_with_a_reason(
    asked: Visitor, invited: Invited
) -> None:
    """Also where the loop that closes what is stale has not come by yet."""
    asked.answer(2)
    past = timezone.now() - timedelta(hours=73)
    Screening.objects.update(started_at=past)
    again = opened(invited)
    assert again.path == "/start/"
    assert "so they start again from the first one" in shown(again)
    assert "Go on where you left off" not in again.text
    fresh = Invitation.objects.get().screening
    assert fresh.begun_again
    assert fresh.started_at is None
    stale = Screening.objects.exclude(id=fresh.id).get()
    assert stale.status == Screening.Status.EXPIRED


def test_first_opening_gives_no_such_reason(asked: Visitor) -> None:
    assert "start again from the first one" not in asked.get("/start/").text


@pytest.mark.parametrize(
    ("typed", "said", "place"),
    [
        ({"month": "2", "day": "31"}, "That month has no day 31.", "#day"),
        ({"month": "13"}, "Write the month as a number from 1 to 12.", "#month"),
        ({"day": ""}, "Write the day as a number from 1 to 31.", "#day"),
        ({"day": "x"}, "Write the day as a number from 1 to 31.", "#day"),
        ({"year": "90"}, "Write the year with four digits, for example 1984.", "#year"),
        ({"day": "16"}, "That does not match what the clinic has.", "#month"),
    ],
)
def test_second_check_keeps_what_was_typed_and_says_what_is_wrong(
    visitor: Visitor, invited: Invited, typed: dict[str, str], said: str, place: str
) -> None:
    visitor.get(f"/i/{invited.token}/").post()
    given = RIGHT | typed
    visitor.post(**given)
    assert visitor.page.status_code == 422
    assert shown(visitor).count(said) == 2
    assert f'href="{place}"' in visitor.text
    for name, value in given.items():
        assert f'name="{name}"' in visitor.text
        assert f'value="{value}"' in visitor.text


def test_code_that_is_wrong_stays_in_its_box(visitor: Visitor, invite) -> None:
    given = invite(code="4711-abc", at=timezone.now())
    visitor.get(f"/i/{given.token}/").post().post(code="4711-abd")
    assert 'value="4711-abd"' in visitor.text
    visitor.post(code="")
    assert "Write the code that the clinic gave you." in visitor.text
    assert Invitation.objects.get().tries == 1
