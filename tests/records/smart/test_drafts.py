"""Questionnaires from other systems: drafts for a review, and never asked of anybody."""

import json
from copy import deepcopy
from typing import Any

import pytest

from core.models import AuditEvent
from records.models import DraftQuestionnaire
from screening.actions import NotAvailable
from screening.actions.definitions import find
from screening.definitions import get
from screening.models import Definition
from tests.records.conftest import make_token, showing
from tests.records.rows import make_clinic
from tests.records.smart.sent import ORDINAL, RESPONSES, URL, response, send
from tests.records.smart.test_ordering import ORDERS, made, refused, service_request

pytestmark = pytest.mark.django_db
DRAFTS = "/fhir/R4/Questionnaire"


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
    assert AuditEvent.objects.get(kind="RECORD_READ").object_id == str(row.id)
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


def test_numbers_that_nothing_can_keep_are_refused_in_words(system):
    def post(number, place):
        sent = questionnaire()
        if place == "weight":
            option = sent["item"][0]["answerOption"][0]
            option["valueCoding"]["extension"][0]["valueDecimal"] = "HERE"
        else:
            sent["extension"] = [{"url": "urn:x", "valueDecimal": "HERE"}]
        body = json.dumps(sent).replace('"HERE"', number)
        return refused(system.post(DRAFTS, body, content_type="application/fhir+json"))

    assert "Zero is a value" in post("1e100", "weight")
    assert "Zero is a value" in post("1e400", "weight")
    assert "too large to be kept" in post("1e400", "elsewhere")
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
