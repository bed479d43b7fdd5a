"""A device of the clinic: staff are out before the patient is in, and nothing stays."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, Patient
from screening.actions import expire_overdue
from screening.models import Invitation, Screening
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.planned import asked, reachable

BORN = {"month": "3", "day": "14", "year": "1985"}
ASKED = {"battery": ["phq-9"], "language": "en"}


@pytest.fixture
def cast(cast: Cast) -> Cast:
    cast.clinic.kiosk_enabled, cast.clinic.languages = True, ["en", "es-US"]
    cast.clinic.save()
    return cast


def address(patient: Patient) -> str:
    return reverse("clinicians:answer-here", args=[patient.id])


def handed(cast: Cast, patient: Patient | None = None, **fields: object) -> Client:
    """The browser after a member of staff handed it over."""
    client = signed_in(cast.fred)
    there = client.post(
        address(patient or make_patient(cast.clinic)), {**ASKED, **fields}
    )
    assert there.headers["Location"] == "/check/", there.content.decode()
    return client


def answering(cast: Cast, **fields: object) -> Client:
    """The browser once the patient has given the birth date."""
    client = handed(cast, None, **fields)
    page = client.post("/check/", BORN)
    assert page.headers["Location"] == "/start/"
    return client


@pytest.mark.parametrize(
    ("language", "link", "back"),
    [
        ("en", "same link", "give this device back"),
        ("es-US", "mismo enlace", "devolver este dispositivo"),
    ],
)
def test_no_link_to_come_back_with_is_promised_on_a_device(
    cast: Cast, language: str, link: str, back: str
):
    client = answering(cast, language=language)
    for path in ("/start/", "/stop/"):
        text = client.get(path).content.decode()
        assert link not in text
        assert back in text


def test_button_is_there_only_where_the_clinic_wants_it(cast: Cast):
    patient = make_patient(cast.clinic)
    page = reverse("clinicians:patient", args=[patient.id])
    client = signed_in(cast.fred)
    assert "Answer here now" in client.get(page).content.decode()
    assert "You are signed out" in client.get(address(patient)).content.decode()

    cast.clinic.kiosk_enabled = False
    cast.clinic.save()
    assert "Answer here now" not in client.get(page).content.decode()
    refused = client.get(address(patient))
    assert refused.status_code == 403
    assert client.post(address(patient), ASKED).status_code == 403
    assert not Screening.objects.exists()


def test_staff_are_signed_out_before_the_patient_is_asked_anything(cast: Cast):
    client = handed(cast)
    assert client.get("/check/").status_code == 200
    for page in ("/staff/", "/staff/patients/", "/account/password/change/"):
        there = client.get(page)
        assert there.status_code == 302
        assert there.headers["Location"].startswith("/account/login/")
    assert AuditEvent.objects.filter(kind="DEVICE_HANDED").count() == 1


def test_help_is_that_of_the_clinic_from_the_first_page_on(cast: Cast):
    line = "DE:telefonseelsorge:call-3"
    cast.clinic.country, cast.clinic.lines_verified = "DE", [line]
    cast.clinic.save()
    client = handed(cast)
    assert 'href="tel:116123"' in client.get("/help/").content.decode()
    client.post("/check/", BORN)
    assert 'href="tel:116123"' in client.get("/help/").content.decode()


def test_end_asks_for_the_device_and_nothing_is_left(cast: Cast):
    client = answering(cast)
    page = client.get("/start/").content.decode()
    assert 'data-idle="300"' in page
    assert 'content="300;url=/handed-back/"' in page
    Screening.objects.update(
        status="COMPLETED", completed_at=timezone.now(), closed_at=timezone.now()
    )
    done = client.get("/done/").content.decode()
    assert 'href="/handed-back/"' in done
    back = client.get("/handed-back/")
    assert "Please hand this device back to the staff." in back.content.decode()
    assert "cookies" in back.headers["Clear-Site-Data"]
    assert client.get("/done/").status_code == 404
    assert client.get("/check/").status_code == 404
    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize("way", ["exit", "pause"])
def test_leaving_early_asks_for_the_device_too(cast: Cast, way: str):
    client = answering(cast)
    there = (
        client.get("/exit/")
        if way == "exit"
        else client.post("/stop/", {"how": "pause"})
    )
    assert there.headers["Location"] == "/handed-back/"
    client.get("/handed-back/")
    assert client.get("/start/").status_code == 404
    assert Screening.objects.get().is_open


def test_session_on_a_device_ends_at_rest(cast: Cast, monkeypatch):
    client = answering(cast)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 299)
    assert client.get("/start/").status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 299 + 301)
    assert client.get("/start/").status_code == 404


def test_goodbye_speaks_the_patients_language(cast: Cast):
    client = answering(cast, language="es-US")
    assert "devuelva este dispositivo" in client.get("/handed-back/").content.decode()


def test_open_invitation_is_gone_on_with_and_its_link_stops(cast: Cast):
    made = asked(cast, reachable(cast))
    patient = made.screening.patient
    page = signed_in(cast.fred).get(address(patient)).content.decode()
    assert "PHQ-9</strong> is open already" in page
    handed(cast, patient)
    assert Screening.objects.count() == 1
    assert Client().get(f"/i/{made.token}/").status_code == 404
    stopped = made.invitation.mails.filter(stopped_at__isnull=False)
    assert stopped.count() == 2


def test_device_that_is_never_used_runs_out_soon(cast: Cast):
    handed(cast)
    link = Invitation.objects.get()
    assert link.expires_at - link.created_at == timedelta(minutes=120)
    expire_overdue(at=link.expires_at)
    assert Screening.objects.get().status == "EXPIRED"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"birth_date": ""}, "no birth date"), ({"status": "INACTIVE"}, "not active")],
)
def test_patient_who_cannot_answer_here_is_explained(cast: Cast, fields, sentence):
    patient = make_patient(cast.clinic, **fields)
    page = signed_in(cast.fred).post(address(patient), ASKED, follow=True)
    assert sentence in page.content.decode()
    assert not Screening.objects.exists()


def test_questionnaires_have_to_be_chosen(cast: Cast):
    client = signed_in(cast.fred)
    page = client.post(address(make_patient(cast.clinic)), {**ASKED, "battery": []})
    assert page.status_code == 422
    assert client.get("/staff/patients/").status_code == 200


def test_page_is_closed_to_others(cast: Cast):
    patient = make_patient(cast.clinic)
    assert signed_in(cast.charlie).get(address(patient)).status_code == 404
    assert signed_in(cast.liv).get(address(patient)).status_code == 403


def test_own_browser_has_no_watch_on_it(cast: Cast, client):
    made = asked(cast)
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    client.post(f"/i/{made.token}/")
    page = client.get("/check/").content.decode()
    assert "data-idle" not in page
    assert "idle.js" not in page


def test_page_of_a_failure_does_not_lie_on_the_device(cast: Cast, monkeypatch):
    client = answering(cast)
    client.raise_request_exception = False

    def fails(*_given: object, **_fields: object) -> None:
        raise ValueError

    monkeypatch.setattr("screening.engine.withdraw", fails)
    page = client.post("/stop/", {"how": "withdraw"})
    assert page.status_code == 500
    text = page.content.decode()
    assert '<meta http-equiv="refresh" content="300;url=/handed-back/">' in text
    assert 'name="how" value="withdraw"' in text
    assert page.headers["Cache-Control"] == "no-store"


def test_goodbye_speaks_it_still_where_the_cookie_is_gone(cast: Cast):
    client = answering(cast, language="es-US")
    assert "url=/handed-back/?l=es" in client.get("/start/").content.decode()
    gone = client.get("/exit/")
    assert gone.headers["Location"] == "/handed-back/?l=es-US"
    said = client.get(gone.headers["Location"]).content.decode()
    assert "devuelva este dispositivo" in said
