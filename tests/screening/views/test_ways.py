"""Conversation and plain list of pages: one engine, the patient's choice at any time."""

import html
import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from core.models import AuditEvent, Clinic
from screening import actions
from screening.actions import Invited
from screening.models import Answer, Flag, Screening
from tests.screening.views.conftest import Visitor

TO_LIST, TO_TALK = "Show all questions as a plain list", "Answer as a conversation"
STEM = "Over the last 2 weeks, how often have you been bothered"
LINE = re.compile(r"<li[^>]*><b>([^<]+)</b> <span[^>]*>([^<]+)</span></li>")


def transcript(visitor: Visitor) -> list[tuple[str, str]]:
    return LINE.findall(html.unescape(visitor.text))


def to_list(visitor: Visitor) -> Visitor:
    return visitor.post("/way/", way="list")


def test_the_list_and_back_with_answers_kept(asked: Visitor) -> None:
    asked.answer(1).answer(2)
    assert TO_LIST in asked.text
    to_list(asked)
    assert asked.path == "/questions/"
    assert "2 of 17 are answered." in asked.text
    assert "Several days" not in asked.text  # that, and not what, was answered
    asked.get("/question/1/5/").answer(3)
    assert asked.path == "/question/1/6/"
    asked.post("/way/", way="talk")
    assert asked.path == "/question/1/6/"
    values = Answer.objects.order_by("seq").values_list("link_id", "value")
    assert [value for _, value in values] == [1, 2, 3]
    assert [text for _, text in transcript(asked)][-1] == "Nearly every day"


def test_the_choice_is_kept_on_the_screening_and_on_record(asked: Visitor) -> None:
    to_list(asked)
    to_list(asked)
    assert Screening.objects.get().as_list
    asked.post("/way/", way="talk")
    assert not Screening.objects.get().as_list
    chosen = AuditEvent.objects.filter(kind="WAY_CHOSEN").order_by("seq")
    assert [row.detail["as_list"] for row in chosen] == [True, False]


def test_plain_pages_have_the_question_and_no_talk(asked: Visitor) -> None:
    asked.answer(1)
    to_list(asked)
    asked.get("/question/1/2/")
    text = html.unescape(asked.text)
    assert "Feeling down, depressed, or hopeless" in text
    assert text.count('type="radio"') == 5  # one question a page, never a grid
    assert 'class="assistant"' not in text
    assert not transcript(asked)
    assert (
        '<a class="button button--quiet" href="/questions/">All questions</a>' in text
    )
    assert TO_TALK in text


def test_transcript_names_its_speakers_and_says_the_stem_once(asked: Visitor) -> None:
    assert not transcript(asked)
    asked.answer(1).answer("declined")
    lines = transcript(asked)
    assert [who for who, _ in lines] == ["Check-in:"] * 2 + [
        "You:",
        "Check-in:",
        "You:",
    ]
    assert sum(STEM in text for _, text in lines) == 1
    assert [text for who, text in lines if who == "You:"] == [
        "Several days",
        "Prefer not to answer",
    ]
    part = asked.text.partition('<details class="details transcript">')[2]
    part = part.partition("</details>")[0]
    assert "<ol>" in part
    assert not re.search(r"tabindex|aria-live|role=", part)


def test_transcript_keeps_what_was_said_before_this_opening(
    asked: Visitor, invited: Invited
) -> None:
    asked.answer(1)
    later = Visitor()
    later.get(f"/i/{invited.token}/").post()
    later.post(month="1", day="15", year="1990")
    assert not transcript(later.get("/question/1/2/"))


def test_one_status_line_stands_empty_and_no_other_region_speaks(
    asked: Visitor,
) -> None:
    asked.answer(1)
    assert '<p class="visually-hidden" id="status" role="status"></p>' in asked.text
    assert asked.text.count('role="status"') == 1
    assert "aria-live" not in asked.text
    assert 'role="log"' not in asked.text
    status = re.findall(r'data-status="([^"]*)"', asked.text)
    assert status == ["Question 2 of 17 to 18"]  # not the question: focus reads that


def test_shared_words_are_said_once_on_list_and_review(asked: Visitor) -> None:
    for path in ("/questions/", "/review/"):
        asked.get(path)
        # Before the PHQ-9, and before the GAD-7 only where something came between.
        assert asked.text.count(STEM) == 1
    asked.get("/question/1/1/").answer(1).get("/questions/")
    assert asked.text.count(STEM) == 2  # the difficulty question has words of its own


def test_a_post_that_chooses_nothing_loses_nothing(asked: Visitor) -> None:
    for data in ({}, {"way": "grid"}, {"way": "talk", "at": "x" * 99}):
        assert asked.post("/way/", **data).path == "/questions/"
    for at in ("9.9", "", "²", "0.0", "1"):
        assert asked.post("/way/", way="talk", at=at).path == "/question/1/1/"
    assert asked.client.get("/way/").status_code == 405


def test_over_is_over(asked: Visitor) -> None:
    while asked.path.startswith("/question/"):
        asked.answer(0)
    asked.post()
    assert to_list(asked).path == "/done/"
    assert asked.get("/questions/").path == "/done/"
    assert not Screening.objects.get().as_list


def test_list_in_spanish(visitor: Visitor, invite: Callable[..., Invited]) -> None:
    invited = invite(language="es-US", at=timezone.now())
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="15", year="1990")
    visitor.get("/age/").post(adult="yes").post()
    visitor.post(agree="yes")
    visitor.answer(1)
    assert [who for who, _ in transcript(visitor)] == ["Cuestionario:"] * 2 + ["Usted:"]
    to_list(visitor)
    assert "Todas las preguntas" in visitor.text
    assert "1 de 17 están respondidas." in visitor.text


@pytest.fixture
def stepping(visitor: Visitor, clinic: Clinic, patient, invite) -> Visitor:
    """A visitor on the first question of a PHQ-2 that leads on."""
    patient.clinic.step_up = True
    patient.clinic.save()
    invited = invite(battery=["phq-2"], at=timezone.now())
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="15", year="1990")
    assert "There are about 3 to 10 questions." in visitor.text
    visitor.get("/age/").post(adult="yes").post()
    return visitor.post(agree="yes")


def test_numbers_follow_the_branch(stepping: Visitor) -> None:
    assert "Question 1 of 3 to 10" in stepping.text
    stepping.answer(1)
    assert "Question 2 of 3 to 10" in stepping.text
    stepping.answer(1)
    assert stepping.path == "/question/2/3/"
    assert "Question 3 of 10</p>" in stepping.text
    # Kept, and asked in one place: the page that is not asked leads to all that are.
    assert stepping.get("/question/2/1/").path == "/review/"
    assert stepping.get("/question/3/1/").page.status_code == 404
    stepping.get("/review/")
    assert stepping.text.count("<dt>") == 10
    assert stepping.text.count("Little interest or pleasure") == 2  # and for the link


def test_below_the_cut_item_9_is_the_third_and_last(stepping: Visitor) -> None:
    stepping.answer(0).answer(1)
    assert stepping.path == "/question/2/9/"
    assert "Question 3 of 3</p>" in stepping.text
    assert stepping.answer(0).path == "/review/"
    assert stepping.text.count("<dt>") == 3
    assert stepping.post().path == "/done/"


def test_a_page_no_longer_asked_leads_to_what_is(stepping: Visitor) -> None:
    stepping.answer(2).get("/question/2/3/")
    other = Visitor(stepping.client)
    other.get("/question/1/1/").answer(0)
    stepping.answer(2)
    assert stepping.path == "/review/"
    assert list(Answer.objects.values_list("value", flat=True)) == [2, 0]


def test_words_of_danger_about_a_page_no_longer_asked_are_heard(
    stepping: Visitor,
) -> None:
    stepping.answer(2).get("/question/2/3/wording/")
    Visitor(stepping.client).get("/question/1/1/").answer(0)
    stepping.post(why="HURTFUL", words="I want to kill myself")
    assert "Thank you for telling us" in stepping.text
    assert Flag.objects.get().rule == "crisis-words-urgent"
    assert stepping.get("/question/2/3/wording/").path == "/review/"


def test_choose_way_is_refused_once_it_is_over(walk) -> None:
    walking = walk(battery=["phq-2"])
    walking.answer_all(0)
    walking.submit()
    with pytest.raises(actions.TooLate):
        actions.choose_way(screening=walking.screening, as_list=True, at=walking.at)
