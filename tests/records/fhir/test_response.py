"""The QuestionnaireResponse, field by field."""

from datetime import datetime

import pytest

from records.fhir.response import questionnaire_response
from records.fhir.values import Choice
from tests.records.fhir.administrations import (
    ID,
    PATIENT,
    administration,
    concept,
    item,
    total,
)
from tests.records.fhir.judge import accept


def test_response_names_questionnaire_with_its_version():
    made = questionnaire_response(administration())
    accept(made)
    assert made["questionnaire"].endswith("/Questionnaire/phq-9|2026.1")
    assert (made["id"], made["status"]) == (str(ID), "completed")
    assert made["authored"] == "2026-03-04T05:06:07.000Z"


def test_response_has_identifier_that_travels_and_a_patient_with_a_number():
    made = questionnaire_response(administration())
    assert made["identifier"]["value"] == f"urn:uuid:{ID}"
    assert made["subject"] == {
        "reference": f"Patient/{PATIENT}",
        "type": "Patient",
        "identifier": {"system": "urn:oid:1.2", "value": "MRN-7"},
    }


def test_answer_is_the_shown_option_with_code_and_weight():
    made, _ = questionnaire_response(administration())["item"]
    assert made["linkId"] == "/1"
    assert made["answer"] == [
        {
            "valueCoding": {
                "extension": [
                    {
                        "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                        "valueDecimal": 1,
                    }
                ],
                "system": "http://loinc.org",
                "code": "LA6569-3",
                "display": "Several days",
            }
        }
    ]


def test_zero_is_a_weight():
    not_at_all = Choice(concept=concept("LA6568-5", "Not at all"), ordinal=0)
    zero = item("1", choice=not_at_all)
    made, _ = questionnaire_response(administration(items=(zero,)))["item"]
    assert made["answer"][0]["valueCoding"]["extension"][0]["valueDecimal"] == 0


@pytest.mark.parametrize(
    ("declined", "reason"), [(True, "asked-declined"), (False, "not-asked")]
)
def test_item_without_answer_keeps_its_words_and_says_why(declined, reason):
    left = item("1", choice=None, declined=declined)
    made = questionnaire_response(administration(items=(left,), measures=()))
    accept(made)
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    assert made["item"] == [
        {
            "extension": [{"url": url, "valueCode": reason}],
            "linkId": "/1",
            "text": left.concept.text,
        }
    ]


def test_what_the_form_adds_up_stands_in_its_response():
    none = questionnaire_response(administration(measures=(total(value=0),)))
    accept(none)
    assert none["item"][-1] == {
        "linkId": "total",
        "text": "PHQ-9 total",
        "answer": [{"valueDecimal": 0}],
    }
    # These words are ours, in English; the response says that it is in Spanish.
    spanish = questionnaire_response(administration(language="es-US"))
    assert spanish["item"][-1] == {
        "linkId": "total",
        "answer": [{"valueDecimal": 12}],
    }


@pytest.mark.parametrize("change", [{"value": None}, {"prorated": "From 8 of 9."}])
def test_a_total_that_its_answers_do_not_add_up_to_is_not_in_the_response(change):
    made = questionnaire_response(administration(measures=(total(**change),)))
    assert [one["linkId"] for one in made["item"]] == ["/1"]


def test_words_that_are_not_the_code_systems_own_are_a_translation():
    shown = Choice(concept=concept("LA6569-3", "Varios días"), ordinal=1)
    items = (item("1", choice=shown),)
    made = questionnaire_response(administration(items=items, language="es-US"))
    accept(made)
    coding = made["item"][0]["answer"][0]["valueCoding"]
    assert "display" not in coding
    (translation,) = coding["_display"]["extension"]
    assert translation["extension"] == [
        {"url": "lang", "valueCode": "es-US"},
        {"url": "content", "valueString": "Varios días"},
    ]


def test_patient_is_author_and_source_only_when_they_answered_themselves():
    own = questionnaire_response(administration())
    asked = questionnaire_response(administration(self_reported=False))
    assert own["author"] == own["source"] == own["subject"]
    assert "author" not in asked
    assert "source" not in asked


def test_data_of_a_clinic_that_is_not_live_is_marked_as_test_data():
    made = questionnaire_response(administration(test_data=True))
    assert made["meta"]["tag"][0]["code"] == "HTEST"
    assert "tag" not in questionnaire_response(administration())["meta"]


def test_time_without_zone_is_refused():
    naive = administration(answered=datetime(2026, 3, 4))  # noqa: DTZ001
    with pytest.raises(ValueError, match="without a zone"):
        questionnaire_response(naive)
