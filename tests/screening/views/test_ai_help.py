"""Help from a language model: a choice that a patient can take back at any question."""

import html

import pytest

from core.models import AuditEvent, Clinic
from screening.models import Screening, Turn
from tests.fakes.model_server import ModelServer
from tests.fakes.replies import reads
from tests.screening.views.conftest import Visitor

Q3 = "/question/1/3/"
ODD = "the nights keep dragging on like wet cement"
loopback = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def helped(asked: Visitor, settings) -> Visitor:
    settings.LANGUAGE_ENABLED, settings.OPENAI_MODEL = True, "fake"
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    Clinic.objects.update(ai_enabled=True, wording_policy="gated")
    asked.get("/consent/").post(agree="yes", ai_help="yes")
    return asked


def test_clinic_without_a_model_offers_no_choice(asked: Visitor) -> None:
    assert "/computer-help/" not in asked.text


def test_choice_is_one_tap_away_at_every_question(helped: Visitor) -> None:
    for path in ("/question/1/1/", Q3, "/question/1/9/"):
        assert 'href="/computer-help/"' in helped.get(path).text
        assert "Help from a computer program is on" in helped.text


def test_choice_can_be_taken_back_and_made_again(helped: Visitor) -> None:
    helped.get("/question/1/1/").answer(1)
    helped.get("/computer-help/").post(ai_help="no")
    assert helped.path == "/question/1/2/"
    assert Screening.objects.get().ai_consent is False
    assert "Help from a computer program is off" in helped.text
    helped.get("/computer-help/").post(ai_help="yes")
    assert Screening.objects.get().ai_consent is True
    rows = AuditEvent.objects.filter(kind="AI_HELP_CHOSEN").order_by("seq")
    assert [row.detail for row in rows] == [{"ai_help": False}, {"ai_help": True}]


@loopback
def test_nothing_leaves_after_it_was_taken_back(
    helped: Visitor, model: ModelServer
) -> None:
    helped.get("/computer-help/").post(ai_help="no")
    helped.get(Q3).post(words=ODD)
    helped.get(Q3).post(words="What does this mean?")
    assert model.requests == []


def test_page_shows_what_holds_now_and_changes_nothing_by_itself(
    helped: Visitor,
) -> None:
    page = helped.get("/computer-help/").text
    assert 'value="yes" id="ai-yes" checked' in page
    assert "you confirm every answer yourself" in page
    assert Screening.objects.get().ai_consent is True


def test_post_without_a_choice_is_asked_again(helped: Visitor) -> None:
    assert helped.get("/computer-help/").post().page.status_code == 422
    assert Screening.objects.get().ai_consent is True


def test_clinic_that_turned_it_off_is_not_overruled(helped: Visitor) -> None:
    Clinic.objects.update(ai_enabled=False)
    helped.get("/computer-help/").post(ai_help="yes")
    assert Screening.objects.get().ai_consent is False


@pytest.mark.parametrize("off", ["clinic", "policy", "model"])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "No computer program helps with the questions here"),
        ("es-US", "Aquí ningún programa de computadora ayuda con las preguntas"),
    ],
)
def test_where_no_model_helps_the_page_says_so_and_offers_nothing(
    helped: Visitor, settings, off: str, language: str, said: str
) -> None:
    if off == "clinic":
        Clinic.objects.update(ai_enabled=False)
    if off == "policy":
        Clinic.objects.update(wording_policy="official")
    settings.LANGUAGE_ENABLED = off != "model"
    Screening.objects.update(language=language)
    page = html.unescape(helped.get("/computer-help/").text)
    assert said in page
    assert 'class="button" href="/question/1/1/"' in page
    assert 'name="ai_help"' not in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]
    assert "/computer-help/" not in helped.get(Q3).text


def test_page_from_before_cannot_say_yes_to_a_model_that_is_gone(
    helped: Visitor, settings
) -> None:
    page = helped.get("/computer-help/")
    settings.LANGUAGE_ENABLED = False
    page.post(ai_help="yes")
    assert Screening.objects.get().ai_consent is False


def test_choice_ends_with_the_screening(helped: Visitor) -> None:
    Screening.objects.update(status="WITHDRAWN")
    assert helped.get("/computer-help/").path in ("/ended/", "/done/")


def test_stranger_has_no_choice_to_make(visitor: Visitor, db: None) -> None:
    assert "This link does not work" in visitor.get("/computer-help/").text


def test_model_for_trying_out_is_marked_where_it_is_offered(
    helped: Visitor, settings
) -> None:
    assert "not for patients" not in helped.get("/consent/").text
    settings.LANGUAGE_NOT_FOR_PATIENTS = True
    for path in ("/consent/", "/computer-help/"):
        assert "It is not for patients." in helped.get(path).text


@loopback
def test_proposal_of_a_model_says_that_it_is_one(
    helped: Visitor, model: ModelServer
) -> None:
    model.script(reads("2"))
    helped.get(Q3).post(words=ODD)
    assert helped.path.startswith("/confirm/")
    shown = html.unescape(helped.text)
    assert "A computer program read your words, and it can be wrong." in shown
    assert Turn.objects.get().interpretation["result"] == "ProposedByModel"


def test_proposal_of_a_rule_does_not_say_so(helped: Visitor) -> None:
    helped.get(Q3).post(words="about three days")
    assert "A computer program read" not in helped.text


@pytest.mark.parametrize(
    ("phone", "human"),
    [
        (
            "202-555-0100",
            'call Riverbend Clinic: <a class="nowrap" href="tel:202-555-0100">',
        ),
        ("", "choose “Get help now” at the top."),
    ],
)
def test_where_a_model_may_help_the_page_says_so_and_who_else_does(
    helped: Visitor, phone: str, human: str
) -> None:
    Clinic.objects.update(phone=phone)
    shown = html.unescape(helped.get(Q3).text)
    assert "A computer program may help on this page. It can be wrong." in shown
    assert f"To talk to a person instead, {'call' if phone else 'ask'}" in shown
    assert human in shown
    helped.post(words="about three days")
    assert helped.path.startswith("/confirm/")
    assert human in html.unescape(helped.text)
    assert 'href="/computer-help/"' in helped.text

    # No model is ever asked about this one, nor after a no.
    assert "may help on this page" not in helped.get("/question/1/9/").text
    helped.get("/computer-help/").post(ai_help="no")
    assert "may help on this page" not in helped.get(Q3).text


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ("What it does:", "What it cannot do:", "Who sees what:")),
        ("es-US", ("Qué hace:", "Qué no puede hacer:", "Quién ve qué:")),
    ],
)
def test_choice_is_explained_before_it_is_made(
    helped: Visitor, language: str, parts: tuple[str, ...]
) -> None:
    Screening.objects.update(language=language)
    for path in ("/consent/", "/computer-help/"):
        page = html.unescape(helped.get(path).text)
        assert [part for part in parts if part not in page] == []
