"""The language of a patient's pages: chosen by a link before, by a button within."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEvent, Clinic, Patient
from screening import actions, definitions
from screening.actions import Invited
from screening.models import Administration, Answer, Screening
from tests.screening.conftest import NOW
from tests.screening.views.conftest import Visitor

SPANISH = "Poco interés o placer en hacer cosas"
ENGLISH = "Little interest or pleasure in doing things"


def spoken() -> list[str]:
    rows = Administration.objects.order_by("position")
    return [row.definition.language for row in rows.select_related("definition")]


def test_everybody_finds_the_switch_in_its_own_words(client: Client) -> None:
    for path in ("/", "/help/", "/ended/", "/question/1/1/"):
        page = client.get(path).content.decode()
        assert 'href="?l=es-US" hreflang="es-US"' in page
        assert ">Español</a>" in page
        other = client.get(f"{path}?l=es-US").content.decode()
        assert '<html lang="es-us"' in other
        assert ">English</a>" in other
    assert '<html lang="en"' in client.get("/?l=fr").content.decode()


def test_link_opened_in_another_language_goes_on_in_it(
    visitor: Visitor, invited: Invited
) -> None:
    visitor.get(f"/i/{invited.token}/?l=es-US")
    assert "Abrir mi cuestionario" in visitor.text
    visitor.page = visitor.client.post(f"/i/{invited.token}/?l=es-US")
    assert visitor.page["Location"] == "/check/?l=es-US"
    said = {"month": "1", "day": "15", "year": "1990"}
    assert Screening.objects.get().language == "en"  # not before the second check
    visitor.page = visitor.client.post("/check/?l=es-US", said, follow=True)
    assert "Empezar" in visitor.text
    assert Screening.objects.get().language == "es-US"
    assert spoken() == ["es-US", "es-US"]


def test_switch_comes_back_to_the_page_with_every_answer(asked: Visitor) -> None:
    asked.answer(2)
    assert '<button class="languages__one" name="to" value="es-US">' in asked.text
    asked.client.post("/language/", {"to": "es-US", "next": "/question/1/2/"})
    asked.get("/question/1/2/")
    assert '<html lang="es-us"' in asked.text
    assert [row.value for row in Answer.objects.all()] == [2]
    assert spoken() == ["en", "es-US"]  # begun in English, and not begun
    assert AuditEvent.objects.filter(kind="LANGUAGE_SWITCHED").count() == 1


def test_what_was_begun_stays_as_it_is_and_a_person_is_offered(asked: Visitor) -> None:
    Clinic.objects.update(phone="202-555-0100")
    asked.answer(2)
    asked.client.post("/language/", {"to": "es-US", "next": "/question/1/1/"})
    asked.get("/question/1/1/")
    assert ENGLISH in asked.text
    assert 'class="fieldset__legend" lang="en"' in asked.text
    assert '<label for="choice-1" lang="en">' in asked.text
    assert "se quedan como están" in asked.text.lower()
    assert "llame al 202-555-0100" in asked.text
    asked.get("/question/2/1/")
    assert "lang=" not in asked.text.partition("<legend")[2].partition("</legend>")[0]


def test_foreign_words_say_so_wherever_they_stand(asked: Visitor) -> None:
    asked.answer(2).answer("declined")
    asked.client.post("/language/", {"to": "es-US", "next": "/question/1/3/"})
    asked.get("/question/1/3/")
    assert f'<span lang="en">{ENGLISH}</span>' in asked.text  # the transcript
    assert '<span lang="en">More than half the days</span>' in asked.text
    assert "<span>Prefiero no responder</span>" in asked.text
    assert f'lang="en">{ENGLISH}</a>' in asked.get("/questions/").text
    asked.get("/review/")
    assert f'<dt lang="en">{ENGLISH}</dt>' in asked.text
    assert '<dd lang="en">More than half the days</dd>' in asked.text
    assert "<dd>Prefiero no responder</dd>" in asked.text
    copied = asked.client.post("/done/copy/").content.decode()
    assert f'<dt lang="en">{ENGLISH}</dt>' in copied


def test_a_question_left_open_in_another_window_counts_as_it_was_read(
    asked: Visitor,
) -> None:
    asked.get("/question/1/1/")
    asked.client.post("/language/", {"to": "es-US", "next": "/start/"})
    asked.answer(2)  # the page that is open is still the English one
    assert asked.path == "/question/1/1/"
    assert "Usted respondió esta pregunta en otro idioma." in asked.text
    assert SPANISH in asked.text
    assert re.search(r'value="2" id="choice-3" checked', asked.text)
    # Wherever answers are listed it stands in the words that were read.
    asked.get("/review/")
    assert f'<dt lang="en">{ENGLISH}</dt>' in asked.text
    assert '<dd lang="en">More than half the days</dd>' in asked.text
    assert "<dt>Se ha sentido decaído" in asked.text
    assert f'<span lang="en">{ENGLISH}</span>' in asked.get("/question/1/2/").text
    copied = asked.client.post("/done/copy/").content.decode()
    assert f'<dt lang="en">{ENGLISH}</dt>' in copied
    asked.get("/question/1/1/").answer(2)
    assert asked.path == "/question/1/2/"
    assert f"<dt>{SPANISH}</dt>" in asked.get("/review/").text


def test_nothing_begun_follows_and_can_come_back(asked: Visitor) -> None:
    for language, words in (("es-US", SPANISH), ("en", ENGLISH)):
        asked.client.post("/language/", {"to": language, "next": "/question/1/1/"})
        assert words in asked.get("/question/1/1/").text
        assert spoken() == [language] * 2


def test_instrument_that_has_no_translation_stays_and_says_so(
    asked: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(definitions.load_all())
    del known["phq-9", "es-US"]
    monkeypatch.setattr("screening.definitions.loading.load_all", lambda: known)
    asked.client.post("/language/", {"to": "es-US", "next": "/question/1/1/"})
    assert spoken() == ["en", "es-US"]
    assert "Alguien de" in asked.get("/question/1/1/").text


def test_a_short_form_and_its_longer_one_stay_in_one_language(
    walk, patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.clinic.step_up = True
    patient.clinic.save()
    known = definitions.load_all()
    made = replace(known["phq-2", "en"], language="es-US")
    monkeypatch.setattr(
        "screening.definitions.loading.load_all",
        lambda: {**known, ("phq-2", "es-US"): made},
    )
    walking = walk(battery=["phq-2", "gad-7"])
    actions.switch_language(screening=walking.screening, language="es-US", at=NOW)
    assert spoken() == ["es-US", "es-US", "es-US"]
    walking.tap("/44250-9", 3)
    # What is kept for the PHQ-9 was answered in Spanish: so is the rest of it.
    actions.switch_language(screening=walking.screening, language="en", at=NOW)
    assert spoken() == ["es-US", "es-US", "en"]


def test_page_of_a_short_form_leads_to_its_place_in_the_longer_one(
    invite, patient: Patient, visitor: Visitor
) -> None:
    patient.clinic.step_up = True
    patient.clinic.save()
    invited = invite(battery=["phq-2"], at=timezone.now())
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="15", year="1990")
    visitor.get("/age/").post(adult="yes").post()
    visitor.post(agree="yes")
    assert "Question 1 of 3 to 10" in visitor.text
    old = visitor.page
    visitor.client.post("/language/", {"to": "es-US", "next": "/question/1/1/"})
    visitor.get("/question/1/1/")
    assert visitor.path == "/question/2/1/"
    assert SPANISH in visitor.text
    assert "En este idioma hacemos todas estas preguntas." in visitor.text
    assert "hacemos todas" not in visitor.get("/question/2/2/").text
    # The English page is still open in another window. Where nothing is chosen on it,
    # it leads on to the question, not to a list of all that is still to be answered.
    for nothing in ({}, {"choice": "9"}):
        visitor.page, visitor.path = old, "/question/1/1/"
        assert visitor.post(**nothing).path == "/question/2/1/"
    visitor.page, visitor.path = old, "/question/1/1/"
    visitor.answer(3)
    assert visitor.path == "/question/2/1/"
    assert "Usted respondió esta pregunta en otro idioma." in visitor.text
    answer = Answer.objects.select_related("administration", "asked_as").get()
    assert (answer.value, answer.administration.position) == (3, 1)
    assert answer.asked_as is not None
    assert (answer.asked_as.instrument_id, answer.asked_as.language) == ("phq-2", "en")
    assert f'<dt lang="en">{ENGLISH}</dt>' in visitor.get("/review/").text


@pytest.mark.parametrize(
    "data", [{"to": "fr"}, {}, {"to": "es-US", "next": "//elsewhere.example/"}]
)
def test_odd_wishes_lead_to_the_start(asked: Visitor, data: dict[str, str]) -> None:
    assert asked.client.post("/language/", data)["Location"] == "/start/"


def test_over_is_over(asked: Visitor) -> None:
    screening = Screening.objects.get()
    Screening.objects.update(status=Screening.Status.COMPLETED, completed_at=NOW)
    gone = asked.client.post("/language/", {"to": "es-US", "next": "/done/"})
    assert gone["Location"] == "/ended/"
    screening.refresh_from_db()
    assert screening.language == "en"
    with pytest.raises(actions.NotAvailable, match="no pages in fr"):
        actions.switch_language(screening=screening, language="fr", at=NOW)


def test_stranger_switches_nothing(client: Client) -> None:
    page = client.post("/language/", {"to": "es-US", "next": "/start/"})
    assert page.status_code == 404
