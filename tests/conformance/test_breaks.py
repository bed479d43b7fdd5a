"""What is broken on purpose is broken, and a form in another language says that one."""

import copy

import pytest

from records.fhir.observation import observations
from records.fhir.response import questionnaire_response
from tests.conformance.breaks import ITEM, PANEL, RESPONSE, TOTAL
from tests.conformance.languages import in_language
from tests.conformance.profile_breaks import PROFILE_BREAKS
from tests.records.fhir.administrations import administration


@pytest.fixture
def good():
    whole = administration()
    panel, item, *_, total = observations(whole)
    response = questionnaire_response(whole)
    return {PANEL: panel, ITEM: item, TOTAL: total, RESPONSE: response}


def test_every_break_of_a_profile_changes_what_we_emit(good):
    spoilt = [one for _, one in PROFILE_BREAKS if one.of in good]
    for one in spoilt:
        bad = copy.deepcopy(good[one.of])
        one.spoil(bad)
        assert bad != good[one.of], one.why
    assert len(spoilt) >= 20
    # The good ones were left as they are.
    assert good[RESPONSE]["questionnaire"].count("|") == 1


def test_translations_take_the_place_of_the_words_beside_them():
    beside = {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/translation",
                "extension": [
                    {"url": "lang", "valueCode": "es-US"},
                    {"url": "content", "valueString": "Varios días"},
                ],
            }
        ]
    }
    coding = {"display": "Several days", "_display": beside}
    form = {"item": [{"text": "Words", "answerOption": [{"valueCoding": coding}]}]}
    made = in_language(form, "es-US")
    (option,) = made["item"][0]["answerOption"]
    assert option["valueCoding"]["display"] == "Varios días"
    assert made["item"][0]["text"] == "Words"
    assert in_language(form, "fr") == form
