"""Orders from other systems: what they make, and what they never make."""

import json
from typing import Any

import pytest

from clinicians.models import PatientMail
from core.models import AuditEvent, Patient
from screening.models import Invitation, Screening
from tests.cast import make_patient
from tests.records.conftest import make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_clinic
from tests.records.smart.sent import URL, send, told

pytestmark = pytest.mark.django_db
ORDERS, TASKS = "/fhir/R4/ServiceRequest", "/fhir/R4/Task"
LOINC = "http://loinc.org"


def service_request(patient, *codes, **changes):
    coding = [{"system": LOINC, "code": code} for code in codes or ("44249-1",)]
    sent = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "code": {"coding": coding},
        "subject": {"reference": f"Patient/{patient.id}"},
        **changes,
    }
    return {name: value for name, value in sent.items() if value is not None}


def task(patient, *canonicals, **changes):
    return {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "for": {"reference": f"Patient/{patient.id}"},
        "input": [
            {"type": {"text": "questionnaire"}, "valueCanonical": one}
            for one in canonicals
        ],
        **changes,
    }


def made(answer, status=201):
    assert answer.status_code == status, answer.content
    accept(json.loads(answer.content))
    return answer.json()


def refused(answer, status=422):
    assert answer.status_code == status, answer.content
    accept(json.loads(answer.content))
    assert not Screening.objects.exists()
    return told(answer)


def test_order_invites_the_patient_and_the_link_stays_here(system, patient):
    patient.email = "robin@example.org"
    patient.save()
    answer = send(system, service_request(patient), ORDERS)
    order = made(answer)
    screening = Screening.objects.get()
    assert (screening.battery, screening.origin) == (["phq-9"], "INVITATION")
    assert screening.status == "INVITED"
    assert order["id"] == str(screening.id)
    assert order["status"] == "active"
    assert order["instantiatesCanonical"] == [f"{URL}/phq-9|2026.1"]
    assert PatientMail.objects.filter(screening=screening, kind="INVITATION").exists()
    link = Invitation.objects.get()
    assert link.token_hash not in answer.content.decode()
    assert "http://localhost/s/" not in answer.content.decode()
    assert made(system.get(f"{ORDERS}/{order['id']}"), 200) == order
    assert AuditEvent.objects.filter(kind="ORDER_RECEIVED").count() == 1


def test_order_without_an_address_waits_for_staff(system, patient):
    made(send(system, service_request(patient), ORDERS))
    assert not PatientMail.objects.exists()
    assert Invitation.objects.count() == 1


def test_task_asks_for_several_and_tells_how_far_it_came(system, patient):
    asked = task(patient, f"{URL}/phq-9|2026.1", f"{URL}/gad-7")
    order = made(send(system, asked, TASKS))
    screening = Screening.objects.get()
    assert screening.battery == ["phq-9", "gad-7"]
    assert (order["status"], "output" in order) == ("requested", False)
    screening.status = "COMPLETED"
    screening.save()
    later = made(system.get(f"{TASKS}/{order['id']}"), 200)
    assert later["status"] == "completed"
    parts = screening.administrations.order_by("position")
    told = [one["valueReference"]["reference"] for one in later["output"]]
    assert told == [f"QuestionnaireResponse/{one.id}" for one in parts]


NAMED = {"identifier": [{"system": "urn:orders", "value": "12"}]}


def test_same_order_twice_is_one(system, patient):
    first = made(send(system, service_request(patient, **NAMED), ORDERS))
    again = made(send(system, service_request(patient, **NAMED), ORDERS), 200)
    assert again == first
    other = send(system, service_request(patient, "69737-5", **NAMED), ORDERS)
    assert other.status_code == 409
    condition = {"If-None-Exist": "identifier=urn:orders|12"}
    matched = send(system, service_request(patient, "69737-5"), ORDERS, **condition)
    assert made(matched, 200) == first
    # What is asked already and was not begun is not asked a second time.
    unnamed = made(send(system, service_request(patient), ORDERS))
    assert unnamed["id"] == first["id"]
    assert Screening.objects.count() == 1


def test_who_may_only_order_reads_no_order(system, patient, clinic):
    first = made(send(system, service_request(patient, **NAMED), ORDERS))
    read = AuditEvent.objects.filter(kind="RECORD_READ")
    assert read.get().object_id == first["id"]
    blind = showing(make_token(clinic, ["system/ServiceRequest.c"], "Sender").secret)
    condition = {"If-None-Exist": "identifier=urn:orders|12"}
    for headers in ({}, condition):
        sent = service_request(patient, **NAMED)
        again = send(blind, sent, ORDERS, **headers)
        assert (again.status_code, again.content) == (200, b"")
        assert again["Location"] == f"http://localhost{ORDERS}/{first['id']}"
    assert read.count() == 1


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "a draft": ({"status": "draft"}, "has to be active"),
    "a plan": ({"intent": "plan"}, "has to be order"),
    "nothing": ({"code": None}, "Name the questionnaire"),
    "another code": ({"code": {"coding": [{"code": "44249-1"}]}}, "No questionnaire"),
    "nobody": ({"subject": {"reference": "Patient/x"}}, "No patient"),
    "another form": ({"instantiatesCanonical": [f"{URL}/cage"]}, "is not known here"),
    "an old form": ({"instantiatesCanonical": [f"{URL}/phq-9|1"]}, "is version 2026.1"),
    "the ASQ": ({"instantiatesCanonical": [f"{URL}/asq"]}, "asked by staff"),
}


def test_orders_that_cannot_be_carried_out_are_refused(system, patient):
    for name, (changes, reason) in REFUSALS.items():
        sent = service_request(patient, **changes)
        assert reason in refused(send(system, sent, ORDERS)), name


def test_nobody_is_asked_in_a_language_that_is_not_theirs(system, clinic):
    patient = make_patient(clinic, language="es-US")
    made(send(system, service_request(patient), ORDERS))
    assert Screening.objects.get().language == "es-US"
    said = send(system, service_request(patient, "55757-9"), ORDERS)
    assert "exists here in en, not in es-US" in told(said)


@pytest.mark.parametrize("status", [Patient.Status.INACTIVE, Patient.Status.DECEASED])
def test_who_is_not_reminded_is_not_asked(system, clinic, status):
    patient = make_patient(clinic, status=status)
    assert "not active" in refused(send(system, service_request(patient), ORDERS))


def test_orders_of_another_clinic_are_not_there(system, patient):
    order = made(send(system, service_request(patient), ORDERS))
    other = showing(make_token(make_clinic("South"), ["system/*.cruds"]).secret)
    for place in (ORDERS, TASKS):
        assert other.get(f"{place}/{order['id']}").status_code == 404
        assert system.get(f"{place}/not-an-id").status_code == 404
