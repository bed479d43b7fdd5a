"""What a patient may take along, and what withdrawing keeps: said before it is done."""

import html
from decimal import Decimal

import pytest

from core.models import AuditEvent, Clinic, Patient
from screening import definitions
from screening.actions import Invited
from screening.models import Flag, Score, Screening
from screening.presenters import copy_page
from tests.screening.conftest import NOW
from tests.screening.views.conftest import Visitor
from tests.support.html import check_html

ITEMS = [item.text for item in definitions.get("phq-9", "en").items]


def taken(visitor: Visitor) -> str:
    page = visitor.client.post("/done/copy/")
    assert page.status_code == 200
    assert page["Content-Disposition"] == 'attachment; filename="check-in.html"'
    assert "no-store" in page["Cache-Control"]
    text = str(page.content.decode())
    check_html(text)
    return html.unescape(text)


def test_copy_has_the_official_words_and_no_score(asked: Visitor) -> None:
    Clinic.objects.update(name="Riverbend Anxiety Clinic")
    asked.post(words="about three days").get("/question/1/1/").answer(1)
    while asked.path.startswith("/question/"):
        # The last of the nine would lead to help first.
        asked.answer(0 if asked.path == "/question/1/9/" else 2)
    asked.post()
    assert "Download my answers" in asked.text
    text = taken(asked)
    assert [item for item in ITEMS if item not in text] == []
    assert text.count("More than half the days") == 14
    assert "about three days" in text
    assert "was not finished" not in text
    assert Score.objects.filter(total__gt=Decimal(10)).count() == 2
    totals = [f"{score.total:.0f}" for score in Score.objects.all()]
    assert not [total for total in totals if f">{total}<" in text]
    for telling in ("Riverbend", "Rivera", "severe", "<script", "http", "<img"):
        assert telling not in text.replace("http-equiv", "")
    assert AuditEvent.objects.filter(kind="ANSWERS_COPIED").count() == 1


def test_copy_of_what_is_not_finished_says_so(asked: Visitor) -> None:
    assert "Download my answers" not in asked.get("/stop/").text
    assert asked.client.post("/done/copy/").status_code == 302
    asked.get("/question/1/1/").answer("declined")
    assert "Download my answers" in asked.get("/stop/").text
    text = taken(asked)
    assert "was not finished when this copy was made" in text
    assert "Prefer not to answer" in text
    assert "Not answered yet" in text


def test_copy_is_no_way_around_what_is_out_of_sight(
    asked: Visitor, invited: Invited
) -> None:
    asked.answer(3)
    later = Visitor()
    later.get(f"/i/{invited.token}/").post().post(month="1", day="15", year="1990")
    assert "Download my answers" not in later.get("/stop/").text
    assert later.post("/done/copy/").path == "/review/"
    later.post("/review/earlier/")
    assert "Nearly every day" in taken(later)


def test_copy_names_no_form_that_was_not_asked(walk, patient: Patient) -> None:
    patient.clinic.step_up, patient.clinic.step_safety = True, False
    patient.clinic.save()
    walking = walk(battery=["phq-2"])
    walking.answer_all(0)
    assert len(list(copy_page(walking.sitting(), at=NOW)["parts"])) == 1


def test_copy_is_in_the_patients_language(asked: Visitor) -> None:
    asked.answer(1)
    Screening.objects.update(language="es-US")
    text = taken(asked)
    assert '<html lang="es-US">' in text
    assert "Lo que usted respondió" in text


def test_copy_needs_the_session_and_a_press(asked: Visitor) -> None:
    asked.answer(1)
    assert asked.client.get("/done/copy/").status_code == 405
    assert Visitor().client.post("/done/copy/").status_code == 404


@pytest.mark.parametrize(
    ("language", "kept", "after"),
    [
        ("en", "because it is part of your care", "You have withdrawn"),
        ("es-US", "porque es parte de su atención", "Se ha retirado"),
    ],
)
def test_withdrawing_says_before_and_after_what_is_kept_and_why(
    asked: Visitor, language: str, kept: str, after: str
) -> None:
    while asked.path != "/question/1/9/":
        asked.answer(0)
    asked.answer(1)
    Screening.objects.update(language=language)
    assert kept in html.unescape(asked.get("/stop/").text)
    asked.post(how="withdraw")
    assert after in asked.text
    assert 'href="tel:202-555-0100"' in asked.text
    assert Screening.objects.get().status == Screening.Status.WITHDRAWN
    assert Flag.objects.exists(), "what worries us stays"
    assert asked.get("/question/1/1/").page.status_code == 404


def test_pause_is_not_called_a_withdrawal(asked: Visitor) -> None:
    asked.get("/stop/").post(how="pause")
    assert "You have stopped" in asked.text
    assert "Español" not in asked.text  # that would lead to a session that has ended
    assert Screening.objects.get().is_open
