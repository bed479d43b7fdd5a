"""A page that is left lying: warned of, ended, and neutral to whoever comes by next."""

import re
import time

import pytest
from django.utils import timezone

from core.models import Clinic
from screening import definitions
from screening.actions import Invited
from tests.screening.views.conftest import Visitor

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ICON = re.compile(r'<link rel="(?:alternate )?icon" href="([^"]+)"')
# What nobody who looks over a shoulder, or into a history, may read.
TELLING = re.compile(
    r"depress|anxi|suicid|mood|mental|health|phq|gad|questionnaire|riverbend|rivera"
    r"|depres|ansied|salud|ánimo",
    re.IGNORECASE,
)


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_page_of_a_session_warns_and_ends_and_no_other_does(
    asked: Visitor, invited: Invited
) -> None:
    rest = definitions.rest()
    for path in ("/start/", "/question/1/1/", "/review/", "/stop/"):
        text = asked.get(path).text
        assert f'data-idle="{rest.idle}" data-warning="{rest.warning}"' in text
        assert 'data-href="/rested/"' in text
        assert "I am still here" in text
        # Without a script nothing could be extended: only the server ends it then.
        assert "http-equiv" not in text
    for path in ("/help/", f"/i/{invited.token}/", "/rested/"):
        assert "data-idle" not in Visitor().get(path).text


def test_end_of_rest_ends_the_session_and_keeps_the_answers(asked: Visitor) -> None:
    asked.answer(2)
    page = asked.get("/rested/")
    assert "Nobody used it for a while" in page.text
    assert "storage" in page.page["Clear-Site-Data"]
    assert asked.get("/question/1/1/").page.status_code == 404
    assert "lines" in asked.client.cookies, "help keeps its country"
    assert asked.client.cookies["checkin"].value == ""


def test_end_of_rest_speaks_the_patients_language(asked: Visitor) -> None:
    assert "Esta página se cerró" in Visitor().get("/rested/?l=es").text
    assert "This page was closed" in Visitor().get("/rested/?l=xx").text


def test_session_that_rested_too_long_says_so_without_a_script(
    asked: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = definitions.rest()
    later(monkeypatch, rest.session + 1)
    page = asked.client.post("/question/1/1/", {"choice": "1"})
    assert page.status_code == 404
    assert "Your last step may not be saved" in page.content.decode()
    assert "To go on, open your link again" in page.content.decode()


def test_answer_sent_after_the_pages_rest_still_counts(
    asked: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, definitions.rest().idle + 60)
    assert asked.answer(1).path == "/question/1/2/"


def test_script_is_sent_to_a_whole_page_when_the_session_is_over(
    asked: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Swapped in, or refused with "not saved yet", it would be tried again for ever."""
    later(monkeypatch, definitions.rest().session + 1)
    page = asked.client.post(
        "/question/1/1/", {"choice": "1"}, headers={"HX-Request": "true"}
    )
    assert page["HX-Redirect"] == "/start/"
    assert "This page was closed" in asked.get("/start/").text


def test_leaving_on_purpose_leaves_not_even_that(asked: Visitor) -> None:
    asked.client.get("/exit/")
    text = asked.get("/question/1/1/").text
    assert "This page was closed" not in text
    assert not TELLING.search(text.partition("<main")[2])


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_titles_icons_and_addresses_tell_nobody_anything(
    visitor: Visitor, invite, language: str
) -> None:
    Clinic.objects.update(name="Riverbend Anxiety Clinic")
    token = invite(language=language, at=timezone.now()).token
    visitor.get(f"/i/{token}/").post()
    met = [visitor.text]
    visitor.post(month="1", day="15", year="1990")
    met.append(visitor.text)
    visitor.get("/age/").post(adult="yes")
    met.append(visitor.text)
    visitor.post()
    met.append(visitor.text)
    visitor.post(agree="yes")
    for path in ("/question/1/9/", "/review/", "/stop/", "/help/", "/computer-help/"):
        met.append(visitor.get(path).text)
        assert not TELLING.search(path)
    for path in ("/rested/", "/handed-back/", "/ended/", "/nowhere/"):
        met.append(visitor.get(path).text)
    for text in met:
        (title,) = TITLE.findall(text)
        assert not TELLING.search(title), title
        assert not [icon for icon in ICON.findall(text) if TELLING.search(icon)]
