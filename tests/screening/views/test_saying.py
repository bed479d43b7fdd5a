"""The assistant's connecting line: it begins once, and only where something begins."""

import html

import pytest

from tests.screening.views.conftest import Visitor

Q1 = "/question/1/1/"
FIRST = "Let’s begin. Take the time you need."


def said(visitor: Visitor) -> bool:
    return FIRST in html.unescape(visitor.text)


def test_first_question_begins(asked: Visitor) -> None:
    assert said(asked.get(Q1))


@pytest.mark.parametrize("more", ["plainer", "explain"])
def test_an_explanation_begins_nothing(asked: Visitor, more: str) -> None:
    assert not said(asked.get(f"{Q1}?more={more}"))


@pytest.mark.parametrize("words", ["What does this mean?", "purple"])
def test_a_reply_begins_nothing_then_or_later(asked: Visitor, words: str) -> None:
    assert not said(asked.get(Q1).post(words=words))
    assert asked.path == Q1
    assert not said(asked.get(Q1))


def test_a_refused_post_begins_nothing(asked: Visitor) -> None:
    assert not said(asked.get(Q1).post())
    assert asked.page.status_code == 422


def test_an_answered_question_begins_nothing(asked: Visitor) -> None:
    asked.get(Q1).answer(1)
    assert not said(asked.get(Q1))


def test_nothing_comes_next_after_an_explanation(asked: Visitor) -> None:
    following = "Next question."
    assert following in asked.get("/question/1/2/").text
    assert following not in asked.get("/question/1/2/?more=explain").text


def test_what_is_about_the_item_itself_stays(asked: Visitor) -> None:
    asked.get("/question/1/9/").post()
    assert "Take the time you need for this one." in asked.text
