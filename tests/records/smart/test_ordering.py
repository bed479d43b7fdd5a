"""Orders and drafts from other systems: what they make, and what they never make."""

import json
from copy import deepcopy
from typing import Any

import pytest

from clinicians.models import PatientMail
from core.models import AuditEvent, Patient
from records.models import DraftQuestionnaire
from screening.actions import NotAvailable
from screening.actions.definitions import find
from screening.definitions import get
from screening.models import Definition, Invitation, Screening
from tests.cast import make_patient
from tests.records.conftest import make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_clinic
from tests.records.smart.sent import ORDINAL, RESPONSES, URL, response, send, told

pytestmark = pytest.mark.django_db
ORDERS, TASKS = "/fhir/R4/ServiceRequest", "/fhir/R4/Task"
DRAFTS = "/fhir/R4/Questionnaire"
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


def questionnaire(**changes):
    def option(number):
        weight = [{"url": ORDINAL, "valueDecimal": number}]
        coding = {"code": f"a{number}", "extension": weight}
        return {"valueCoding": coding}

    items = [
        {
            "linkId": f"q{number}",
            "text": f"Question {number}",
            "type": "choice",
            "answerOption": [option(0), option(1)],
        }
        for number in (1, 2)
    ]
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "url": "http://example.org/Questionnaire/new",
        "version": "1",
        "title": "A new form",
        "item": items,
        **changes,
    }


def test_questionnaire_becomes_a_draft_that_nobody_can_be_asked(system, patient):
    answer = send(system, questionnaire(), DRAFTS)
    draft = made(answer)
    assert draft["status"] == "draft"
    row = DraftQuestionnaire.objects.get()
    assert answer["Location"] == f"http://localhost{DRAFTS}/{row.id}"
    assert row.content["status"] == "active"  # as it was sent
    assert made(send(system, questionnaire(), DRAFTS), 200) == draft
    assert system.get(f"{DRAFTS}/{row.id}").json() == draft
    # Neither by an order, nor by answers to it, nor by its name.
    url = questionnaire()["url"]
    sent = service_request(patient, instantiatesCanonical=[f"{url}|1"])
    assert "not known here" in refused(send(system, sent, ORDERS))
    answers = response(patient, [0] * 9, questionnaire=f"{url}|1")
    assert "is not known" in refused(send(system, answers, RESPONSES))
    with pytest.raises(NotAvailable):
        find("new", "en")
    assert not Definition.objects.exists()


def _option(change):
    def changed(sent):
        change(sent["item"][0]["answerOption"])

    return changed


DRAFTLESS = {
    "no value": (
        _option(lambda o: o[0]["valueCoding"].pop("extension")),
        "Zero is a value",
    ),
    "one value twice": (_option(lambda o: o.__setitem__(1, o[0])), "the same value"),
    "one answer": (_option(lambda o: o.pop()), "two answers or more"),
    "free text": (lambda s: s["item"][0].update(type="string"), "only choices"),
    "no text": (lambda s: s["item"][0].pop("text"), "has no text"),
    "one linkId twice": (lambda s: s["item"][1].update(linkId="q1"), "there twice"),
    "no linkId": (lambda s: s["item"][0].pop("linkId"), "needs its linkId"),
    "no items": (lambda s: s.pop("item"), "list of items"),
    "nothing asked": (lambda s: s.update(item=[]), "no question"),
    "no version": (lambda s: s.pop("version"), "version is missing"),
    "no address": (lambda s: s.update(url="new"), "absolute address"),
    "a long title": (lambda s: s.update(title="x" * 400), "at most 300"),
    "what is asked here": (
        lambda s: s.update(url=f"{URL}/phq-9"),
        "asked here already",
    ),
}


def test_what_cannot_be_scored_makes_no_draft(system):
    for name, (change, reason) in DRAFTLESS.items():
        sent = deepcopy(questionnaire())
        change(sent)
        assert reason in refused(send(system, sent, DRAFTS)), name
    assert not DraftQuestionnaire.objects.exists()


def test_groups_sums_and_weights_on_the_option_are_understood(system):
    group: dict[str, Any] = {
        "linkId": "g",
        "type": "group",
        "text": "All",
        "item": None,
    }
    sent = questionnaire()
    group["item"] = sent["item"]
    for item in group["item"]:
        for number, option in enumerate(item["answerOption"]):
            option["valueCoding"].pop("extension")
            option["extension"] = [{"url": ORDINAL, "valueDecimal": number}]
    total = {"linkId": "sum", "type": "decimal", "readOnly": True, "text": "Total"}
    made(send(system, {**sent, "item": [group, total]}, DRAFTS))


def test_draft_of_another_clinic_is_not_there(system):
    draft = made(send(system, questionnaire(), DRAFTS))
    other = showing(make_token(make_clinic("South"), ["system/*.cruds"]).secret)
    assert other.get(f"{DRAFTS}/{draft['id']}").status_code == 404
    assert system.get(f"{DRAFTS}/x").status_code == 404
    assert get("phq-9", "en").version == "2026.1"
