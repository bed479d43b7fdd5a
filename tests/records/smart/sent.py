"""A QuestionnaireResponse as another renderer would send it."""

from screening.definitions import get
from screening.domain.questionnaire import LOINC

RESPONSES = "/fhir/R4/QuestionnaireResponse"
FHIR = "application/fhir+json"
URL = "http://localhost/fhir/R4/Questionnaire"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def response(patient, values, *, instrument="phq-9", how="code", **changes):
    """`values` in item order: a number, "declined", or None for an item left out."""
    form = get(instrument, "en")
    items = [
        _item(item, value, how)
        for item, value in zip(form.items, values, strict=False)
        if value is not None
    ]
    sent = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": f"{URL}/{instrument}|{form.version}",
        "subject": {"reference": f"Patient/{patient.id}"},
        "authored": "2026-03-04T05:06:07Z",
        "item": items,
        **changes,
    }
    return {name: value for name, value in sent.items() if value is not None}


def _item(item, value, how):
    if value == "declined":
        reason = {"url": ABSENT, "valueCode": "asked-declined"}
        return {"linkId": item.link_id, "extension": [reason]}
    return {"linkId": item.link_id, "answer": [_answer(item, value, how)]}


def _answer(item, value, how):
    if how == "integer":
        return {"valueInteger": value}
    if how == "decimal":
        return {"valueDecimal": float(value)}
    option = item.option(value)
    coding = {"system": option.code_system or LOINC, "code": option.code}
    if how == "weighed":
        coding["extension"] = [{"url": ORDINAL, "valueDecimal": value}]
    return {"valueCoding": coding}


def send(browser, sent, path=RESPONSES, **headers):
    return browser.post(path, sent, format="json", headers=headers)


def told(answer):
    """Every sentence of a refusal."""
    return " ".join(one["details"]["text"] for one in answer.json()["issue"])
