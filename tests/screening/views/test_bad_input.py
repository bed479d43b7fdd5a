"""Whatever is posted, asked for or left in a cookie: an answer, never a crash, and a
call for help is heard."""

import html
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError
from django.test import Client

from core.models import Clinic
from screening import engine
from screening.models import Answer, Flag, Screening, Turn
from screening.views import session
from tests.screening.views.conftest import Visitor

CRISIS = "I am going to kill myself tonight"


def test_text_that_is_too_long_is_said_and_stays_in_the_box(asked: Visitor) -> None:
    words = "word " * 1100
    asked.post(words=words)
    assert asked.page.status_code == 422
    assert "Shorten it to 5000 characters" in asked.text
    assert words.strip() in asked.text


def test_crisis_words_in_a_text_that_is_too_long_are_heard(asked: Visitor) -> None:
    asked.post(words="word " * 1100 + CRISIS)
    assert "Thank you for telling us" in asked.text
    assert Flag.objects.get().rule == "crisis-words-urgent"
    assert CRISIS in Turn.objects.get().words


def test_crisis_words_beside_an_impossible_option_are_heard(asked: Visitor) -> None:
    asked.post(choice="99", words=CRISIS)
    assert "Thank you for telling us" in asked.text
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "😢 casi todos los días 😢", "‮مرحبا‬", "a\x00b"],
)
def test_odd_text_is_shown_back_harmlessly(asked: Visitor, words: str) -> None:
    asked.post(words=words)
    assert asked.page.status_code in (200, 422)
    assert "<script>alert" not in asked.text
    assert Turn.objects.get().words == words.replace("\x00", "")


def test_empty_text_is_nothing_said(asked: Visitor) -> None:
    asked.post(words=" \n\t ")
    assert asked.page.status_code == 422
    assert not Turn.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/question/0/1/",
        "/question/3/1/",
        "/question/1/99/",
        "/question/99999999999999999999/1/",
        "/confirm/7a1f1c0e-0000-4000-8000-000000000000/",
    ],
)
def test_page_that_is_not_asked_leads_somewhere(asked: Visitor, path: str) -> None:
    assert asked.get(path).page.status_code in (200, 404)


@pytest.mark.parametrize(
    "query", ["?turn=x&note=y", "?turn=&note=<b>", "?more=../x", "?turn=%00"]
)
def test_odd_query_shows_the_question(asked: Visitor, query: str) -> None:
    asked.get(f"/question/1/1/{query}")
    assert asked.page.status_code == 200
    assert "Little interest" in asked.text


def test_turn_of_another_item_shows_nothing_here(asked: Visitor) -> None:
    Clinic.objects.update(wording_policy="gated")
    asked.post(words="What does this mean?")
    turn = Turn.objects.get()
    asked.get(f"/question/1/9/?turn={turn.id}")
    assert 'id="beneath"' not in asked.text
    assert "What does this mean?</q>" not in asked.text


@pytest.mark.parametrize("missing", ["key", "link_id"])
def test_post_without_its_hidden_fields_is_refused(
    asked: Visitor, missing: str
) -> None:
    page = asked.client.post(asked.path, {"choice": "1", missing: ""})
    assert page.status_code == 422
    assert not Answer.objects.exists()


def test_turning_out_to_be_younger_stops_the_questions(asked: Visitor) -> None:
    asked.get("/age/").post(adult="no")
    assert asked.get("/question/1/1/").path == "/age/"
    asked.client.post("/question/1/1/", {"key": "0.x", "link_id": "/44250-9"})
    assert not Answer.objects.exists()


def test_consent_to_another_text_is_asked_for_again(asked: Visitor) -> None:
    Screening.objects.update(consented_at=None, status="INVITED")
    asked.get("/consent/").post(agree="yes", version="1999.1")
    assert asked.page.status_code == 422
    assert "has changed" in asked.text
    assert Screening.objects.get().consented_at is None


def test_help_from_a_model_is_recorded_only_where_offered(asked: Visitor) -> None:
    asked.get("/consent/").post(agree="yes", ai_help="yes")
    assert Screening.objects.get().ai_consent is False


@pytest.mark.parametrize("language", ["es", "es-MX", "es-US", "de", "xx-YY", "*"])
def test_help_is_there_in_any_browser(client: Client, language: str) -> None:
    page = client.get("/help/", headers={"accept-language": language})
    assert page.status_code == 200
    spanish = "Obtener ayuda ahora" in html.unescape(page.content.decode())
    assert spanish == language.startswith("es")


SHAPES: list[Any] = [
    [],
    "text",
    7,
    None,
    {},
    {"s": 1, "n": 2, "c": 3, "l": 4},
    {"s": "no-uuid", "n": "x", "c": "US", "l": "en"},
    {"s": [], "n": [], "c": [], "l": []},
    {"s": "x", "n": "x", "c": "??", "l": "xx-YY", "more": "x"},
]


@pytest.mark.parametrize("content", SHAPES)
@pytest.mark.parametrize("path", ["/help/", "/", "/question/1/1/", "/exit/", "/check/"])
def test_cookie_of_another_shape_is_no_session_and_no_error(
    client: Client, db: None, content: Any, path: str
) -> None:
    client.cookies["checkin"] = signing.dumps(content, salt=session.SALT)
    client.cookies["opening"] = signing.dumps(content, salt=session.OPENING_SALT)
    assert client.get(path).status_code in (200, 302, 404)


@pytest.mark.parametrize("stored", [False, True], ids=["before", "after"])
def test_answer_that_met_a_failure_is_sent_again_from_its_page(
    asked: Visitor, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    take = engine.take_turn

    def breaks(*said: Any, **more: Any) -> None:
        if stored:  # the answer was kept, and only its page never came
            take(*said, **more)
        raise OperationalError("the server closed the connection")

    asked.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(engine, "take_turn", breaks)
        asked.post(choice="2", words="tired, so tired")
    assert asked.page.status_code == 500
    assert "What you sent is kept on this page" in asked.text
    assert Answer.objects.count() == stored
    asked.post()
    assert asked.path == "/question/1/2/"
    assert Answer.objects.get().value == 2
    assert Turn.objects.get().words == "tired, so tired"
