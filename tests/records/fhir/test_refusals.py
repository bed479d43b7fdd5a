"""What others send and ask for that cannot be used: refused in words, never guessed."""

from datetime import UTC, datetime

import pytest

from records.fhir import answered, bulk, drafted, judging, ordered
from records.fhir.answered import Answered
from records.fhir.bulk import AskRefused
from records.fhir.received import Refused
from screening.definitions import get

LINK = "/44250-9"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "status": "completed",
    "questionnaire": "https://x.example/Questionnaire/phq-9|1",
    "subject": {"reference": "Patient/1"},
    "authored": "2026-03-04T05:06:07Z",
    "item": [{"linkId": LINK, "answer": [{"valueInteger": 1}]}],
}


def said_of_response(**changed: object) -> str:
    with pytest.raises(Refused) as refused:
        answered.read_response({**RESPONSE, **changed}, earliest=1900)
    return str(refused.value)


def test_whole_response_is_read():
    sent = answered.read_response(RESPONSE, earliest=1900)
    assert sent.authored == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert [(one.link_id, str(one.number)) for one in sent.items] == [(LINK, "1")]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"authored": 7}, "authored has to be text."),
        ({"authored": None}, "authored is missing."),
        ({"authored": "0001-01-01T00:00:00+14:00"}, "moment with its zone"),
        ({"authored": "1899-01-01T00:00:00Z"}, "before the year 1900"),
        ({"subject": "Patient/1"}, "subject has to name the patient"),
        ({"subject": {"identifier": {"value": 7}}}, "subject has to name the patient"),
        ({"subject": {"identifier": "7"}}, "subject has to name the patient"),
        ({"item": [{"linkId": LINK, "answer": ["1"]}]}, f"answer to {LINK} cannot be"),
        ({"item": [{"linkId": LINK, "item": [{}]}]}, "An item needs its linkId."),
    ],
)
def test_what_is_wrong_with_a_response_is_said(changed, sentence):
    assert sentence in said_of_response(**changed)


def test_items_in_groups_count_as_well():
    grouped = {"linkId": "group", "item": RESPONSE["item"]}
    sent = answered.read_response({**RESPONSE, "item": [grouped]}, earliest=1900)
    assert [one.link_id for one in sent.items] == ["group", LINK]


def test_item_that_says_nothing_is_missing_and_not_zero():
    phq2 = get("phq-2", "en")
    silent = [Answered(link_id=one.link_id, where="item") for one in phq2.items]
    options: judging.Options = {one.link_id: [] for one in phq2.items}
    with pytest.raises(Refused) as refused:
        judging.read_answers(phq2, silent, options)
    assert {one.code for one in refused.value.issues} == {"required"}


@pytest.mark.parametrize(
    "option",
    ["Never", {"valueCoding": {"code": "a", "extension": [{"url": "x"}]}}, {}],
)
def test_answer_without_a_value_makes_no_draft(option):
    whole = {"valueCoding": {"extension": [{"url": WEIGHT, "valueDecimal": 1}]}}
    with pytest.raises(Refused, match="needs its value"):
        drafted.read_questionnaire(
            {
                "resourceType": "Questionnaire",
                "url": "https://x.example/q",
                "version": "1",
                "title": "Q",
                "item": [
                    {
                        "linkId": "1",
                        "type": "choice",
                        "text": "How often?",
                        "answerOption": [whole, option],
                    }
                ],
            }
        )


def test_code_that_is_none_names_no_questionnaire():
    order = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "code": {"coding": [{"system": "http://loinc.org"}, {"code": "44249-1"}]},
    }
    assert ordered.read_service_request(order).codes == [("", "44249-1")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"_outputFormat": ["csv"]}, "_outputFormat is one of"),
        ({"_type": ["Slot"]}, "Slot is not exported"),
        ({"_since": ["yesterday"]}, "_since is an instant"),
        ({"_since": ["0001-01-01T00:00:00+14:00"]}, "_since is an instant"),
        ({"_since": ["2026-01-01T00:00:00"]}, "_since is an instant"),
        ({"patient": ["Patient/7"]}, "A patient is a reference"),
        ({"_typeFilter": ["Slot?status=free"]}, "_typeFilter names Slot"),
        ({"_typeFilter": ["Observation?code=1"]}, "Observation?category= only"),
        ({"_elements": ["id"]}, "_elements is not supported"),
    ],
)
def test_export_that_is_not_understood_is_refused(given, sentence):
    with pytest.raises(AskRefused) as refused:
        bulk.read_asked(given, lenient=False)
    assert sentence in str(refused.value)


def test_lenient_client_gets_what_can_be_had():
    filters = ["Slot?status=free", "Observation?code=1", "Patient?x=1"]
    asked = bulk.read_asked(
        {"_typeFilter": filters, "_type": ["Slot,Observation"], "_elements": ["id"]},
        lenient=True,
    )
    assert asked.types == ("Observation",)
    assert asked.empty == frozenset()
    with pytest.raises(AskRefused, match="None of these types"):
        bulk.read_asked({"_type": ["Slot"]}, lenient=True)


def test_filter_by_another_category_leaves_nothing():
    both = "Observation?category=vital-signs,Observation?category=laboratory"
    assert bulk.read_asked({"_typeFilter": [both]}, lenient=False).empty == {
        "Observation"
    }
    kept = ["Observation?category=vital-signs", "Observation?category=survey"]
    assert bulk.read_asked({"_typeFilter": kept}, lenient=False).empty == frozenset()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"resourceType": "Bundle"}, "Send a Parameters resource"),
        ({"resourceType": "Parameters", "parameter": 5}, "parameter is a list"),
        ({"resourceType": "Parameters", "parameter": [{}]}, "needs a name"),
        ({"resourceType": "Parameters", "parameter": [{"name": "x"}]}, "has no value"),
    ],
)
def test_parameters_that_cannot_be_read_are_refused(body, sentence):
    with pytest.raises(AskRefused, match=sentence):
        bulk.given_parameters(body)


def test_parameters_are_read_by_name():
    listed = [
        {"name": "_type", "valueString": "Patient"},
        {"name": "patient", "valueReference": {"reference": "Patient/1"}},
    ]
    found = bulk.given_parameters({"resourceType": "Parameters", "parameter": listed})
    assert found == {"_type": ["Patient"], "patient": ["Patient/1"]}
