"""A patient's pages and the API: staff, other patients and records systems apart."""

import uuid
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent, Patient, Role
from screening import actions
from screening.models import Screening
from screening.views.session import SALT, cookie_name
from tests.access.elsewhere import API, PATIENT
from tests.access.expected import STAFF
from tests.access.watching import Visitor, everything
from tests.access.world import World, address, arguments
from tests.cast import NOW, make_patient, make_screening

pytestmark = pytest.mark.django_db
ARGUMENTS: dict[str, list[Any]] = {
    "invitation": ["x" * 43],
    "reminders": ["x" * 43],
    "question": [1, 1],
    "explain": [1, 1],
    "wording": [1, 1],
    "read": [99],
    "read-topic": ["joy"],
    "confirm": [uuid.uuid4()],
}


def begun(patient: Patient) -> Screening:
    """A screening in which this patient has agreed to be asked."""
    screening = make_screening(patient, session_nonce=uuid.uuid4().hex)
    actions.confirm_age(screening=screening, adult=True, at=NOW)
    actions.give_consent(screening=screening, version="2026.1", ai_help=False, at=NOW)
    screening.refresh_from_db()
    return screening


def holding(screening: Screening, nonce: str = "") -> Visitor:
    """The browser of a patient who opened their link."""
    visitor = Visitor()
    content = {
        "s": str(screening.id),
        "n": nonce or screening.session_nonce,
        "c": "US",
        "l": "en",
    }
    visitor.cookies[cookie_name("checkin")] = signing.dumps(content, salt=SALT)
    return visitor


NOBODYS = "00000000-0000-4000-8000-000000000000"
FHIR = {
    "metadata": "metadata",
    "smart-configuration": ".well-known/smart-configuration",
    "token": "auth/token",
    "revoke": "auth/revoke",
    "export-system": "$export",
    "export-patients": "Patient/$export",
    "export-group": "Group/1/$export",
    "export": f"exports/{NOBODYS}",
    "export-file": f"exports/{NOBODYS}/{NOBODYS}",
    "unknown": "Practitioner/1",
}


def api_address(name: str, world: World) -> str:
    """Of something that is there, so that nothing but the token is missing."""
    scored, case = world.folder.scored.id, world.folder.case.id
    plain = {
        "screenings": "screenings",
        "screening": f"screenings/{scored}",
        "cases": "cases",
        "case": f"cases/{case}",
        "forms": "questionnaires",
        "no-such": "nothing",
        "openapi": "openapi.json",
        "api": "",
    }
    if name in plain:
        return f"/api/v1/{plain[name]}"
    if name in FHIR:
        return f"/fhir/R4/{FHIR[name]}"
    resource, _, what = name.partition("-")
    ids = {"Patient": world.folder.patient.id, "Task": case}
    ids["Questionnaire"] = world.draft.id
    ids["Subscription"] = world.notification.subscription_id
    found = f"{scored}.total" if what == "history" else ids.get(resource, scored)
    tail = {
        "": "",
        "search": "/_search",
        "read": f"/{found}",
        "history": f"/{found}/_history",
        "version": f"/{found}/_history/1",
        "status": f"/{found}/$status",
        "events": f"/{found}/$events",
        "statuses": "/$status",
    }
    return f"/fhir/R4/{resource}{tail[what]}"


@pytest.mark.parametrize("role", [None, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_patients_pages_are_closed_to_staff_and_strangers(own, role):
    """What is open to anybody is open to them; a session of staff adds nothing."""
    visitor = Visitor(own.staff[role] if role else None)
    before = everything()
    wrong = []
    for name, status in PATIENT.items():
        response = visitor.ask("GET", reverse(name, args=ARGUMENTS.get(name)))
        if response.status_code != status or visitor.wrote:
            wrong.append(f"{name}: {response.status_code} {visitor.wrote}")
    assert wrong == []
    assert everything() == before


def test_patients_session_opens_no_page_of_staff(own):
    visitor = holding(begun(own.folder.patient))
    wrong = []
    for name in STAFF:
        for method in ("GET", "POST"):
            url = address(name, arguments(name, own), own)
            response = visitor.ask(method, url)
            login = response.get("Location", "").startswith(reverse("account_login"))
            if not login or visitor.wrote:
                wrong.append(f"{method} {name}: {response.status_code}")
    assert wrong == []


@pytest.mark.parametrize("who", ["staff", "patient"])
def test_no_session_opens_the_api(own, who):
    """Records systems show a token; a cookie says nothing there."""
    visitor = Visitor(own.staff[Role.SUPERVISOR])
    if who == "patient":
        visitor = holding(begun(own.folder.patient))
    for name, status in API.items():
        response = visitor.ask("GET", api_address(name, own))
        assert response.status_code == status, name
        assert not visitor.wrote


@pytest.mark.parametrize("whose", ["of another patient", "of an older opening", "none"])
def test_session_opens_its_own_screening_only(own, whose):
    """A cookie is held against the row: another's nonce opens nothing, changes nothing."""
    mine, other = begun(own.folder.patient), begun(make_patient(own.clinic))
    nonces = {
        "of another patient": other.session_nonce,
        "of an older opening": "older",
        "none": " ",
    }
    visitor = holding(mine, nonces[whose])
    before = everything()
    wrong = []
    for name, status in PATIENT.items():
        if status != 404:
            continue
        for method in ("GET", "POST"):
            url = reverse(name, args=ARGUMENTS.get(name))
            response = visitor.ask(method, url)
            if response.status_code not in (404, 405) or visitor.wrote:
                wrong.append(f"{method} {name}: {response.status_code} {visitor.wrote}")
    assert wrong == []
    assert everything() == before


def test_turn_of_another_patient_is_not_there(own):
    mine, other = begun(own.folder.patient), begun(make_patient(own.clinic))
    theirs = Client()
    theirs.cookies = holding(other).cookies
    words = "most of the days, I would say"
    item = {"link_id": "/44250-9", "key": f"0.{uuid.uuid4().hex[:12]}", "words": words}
    theirs.post(reverse("question", args=[1, 1]), item)
    turn = other.turns.get()
    assert words in theirs.get(reverse("confirm", args=[turn.id])).content.decode()

    # As a turn that never was: it leads to where one's own screening stands.
    for id_ in (turn.id, uuid.uuid4()):
        visitor = holding(mine)
        response = visitor.ask("GET", reverse("confirm", args=[id_]))
        assert (response.status_code, response["Location"]) == (302, reverse("review"))
        assert not visitor.wrote


def test_look_that_was_refused_is_no_look(own):
    visitor = Visitor(own.staff[Role.FRONT_DESK])
    before = AuditEvent.objects.count()
    visitor.get(reverse("clinicians:case", args=arguments("case", own)))
    assert AuditEvent.objects.count() == before
