"""From rows to FHIR: what each instrument and each odd case becomes."""

from dataclasses import replace

import pytest

from records.fhir.observation import observations
from records.fhir.response import questionnaire_response
from records.presenters import Naming, finished, present
from records.presenters.answers import Standing
from records.presenters.items import as_item
from screening import definitions
from tests.records.fhir.judge import accept
from tests.records.rows import (
    add_answer,
    make_administration,
    make_clinic,
    make_patient,
)

BASE = "https://clinic.example/fhir/R4"
LOCAL = f"{BASE}/CodeSystem/screening"


def written(row):
    """The response and the observations by the last part of their id, judged."""
    clinic = row.screening.clinic
    found = finished(clinic, row.id)
    assert found is not None
    values = present(found, clinic, Naming(base=BASE))
    response = questionnaire_response(values)
    made = observations(values)
    for one in (response, *made):
        accept(one)
    return response, {one["id"].partition(".")[2]: one for one in made}


def code(observation):
    (coding,) = observation["code"]["coding"]
    return coding["system"], coding["code"]


SHIPPED = sorted(definitions.load_all())


@pytest.mark.parametrize(("instrument_id", "language"), SHIPPED)
def test_every_shipped_instrument_is_valid_fhir(clinic, instrument_id, language):
    instrument = definitions.get(instrument_id, language)
    row = make_administration(
        clinic,
        [1 for _ in instrument.items],
        instrument_id=instrument_id,
        language=language,
    )
    response, made = written(row)
    asked = response["item"][: len(instrument.items)]
    assert [one["text"] for one in asked] == [item.text for item in instrument.items]
    sums = {one["linkId"] for one in response["item"][len(instrument.items) :]}
    assert sums == made.keys() & {"total", *(one.id for one in instrument.subscales)}
    assert response["language"] == language
    assert "panel" in made


def test_phq_9_has_its_loinc_codes_and_band(clinic):
    row = make_administration(clinic, [1, 2, 1, 2, 1, 2, 1, 2, 0, 1])
    _, made = written(row)
    assert code(made["panel"]) == ("http://loinc.org", "44249-1")
    assert code(made["1"]) == ("http://loinc.org", "44250-9")
    assert code(made["9"]) == ("http://loinc.org", "44260-8")
    assert code(made["10"]) == ("http://loinc.org", "69722-7")
    assert code(made["total"]) == ("http://loinc.org", "44261-6")
    assert made["total"]["valueQuantity"]["value"] == 12
    assert made["total"]["interpretation"][0]["text"] == "Moderate"


def test_difficulty_answer_has_code_and_no_weight(clinic):
    row = make_administration(clinic, [1] * 9 + [3])
    response, _ = written(row)
    answer = response["item"][9]["answer"][0]["valueCoding"]
    assert answer["code"] == "LA6574-3"
    assert "extension" not in answer


def members(made):
    references = (one["reference"] for one in made["panel"]["hasMember"])
    return {reference.partition(".")[2] for reference in references}


def test_item_that_the_loinc_panel_lacks_is_exported_beside_it(clinic):
    row = make_administration(clinic, [1] * 7 + [2], instrument_id="gad-7")
    _, made = written(row)
    assert "8" in made
    assert members(made) == made.keys() - {"panel", "8"}


def test_our_own_panel_has_every_item(clinic):
    row = make_administration(clinic, [0, 0, 0, 1, 0], instrument_id="asq")
    _, made = written(row)
    assert members(made) == made.keys() - {"panel"}


def test_difficulty_out_of_view_is_not_in_the_record(clinic):
    response, made = written(make_administration(clinic, [0] * 9))
    assert len(response["item"]) == 9 + 1
    assert "10" not in made
    assert made["total"]["valueQuantity"]["value"] == 0


def test_declined_item_leaves_no_total_and_says_why(clinic):
    row = make_administration(clinic, [0] * 8 + ["declined"])
    response, made = written(row)
    assert "answer" not in response["item"][8]
    assert response["item"][8]["extension"][0]["valueCode"] == "asked-declined"
    assert made["9"]["dataAbsentReason"]["coding"][0]["code"] == "asked-declined"
    assert "total" not in made
    assert made["panel"]["note"] == [
        {"text": "No total: 1 of 9 scored items has no answer."}
    ]


def test_blank_item_was_not_asked(clinic):
    _, made = written(make_administration(clinic, [0] * 7 + [None, 0]))
    assert made["8"]["dataAbsentReason"]["coding"][0]["code"] == "not-asked"


def test_prorated_total_says_so(clinic):
    row = make_administration(clinic, [1] * 7 + ["declined", 1, 0], prorate=True)
    _, made = written(row)
    assert made["total"]["method"] == {"text": "Prorated"}
    assert made["total"]["note"][0]["text"].startswith("Prorated: 1 of 9 answers")
    assert f"Observation/{row.id}.8" not in {
        one["reference"] for one in made["total"]["derivedFrom"]
    }


def test_instrument_without_loinc_panel_has_local_codes(clinic):
    row = make_administration(clinic, [1] * 8 + [0], instrument_id="phq-8")
    _, made = written(row)
    assert code(made["panel"]) == (LOCAL, "phq-8")
    assert code(made["total"]) == (LOCAL, "phq-8-total")
    assert code(made["1"]) == ("http://loinc.org", "44250-9")


def test_phq_4_has_both_subscales_and_the_total(clinic):
    _, made = written(make_administration(clinic, [3, 0, 1, 1], instrument_id="phq-4"))
    assert made["anxiety"]["valueQuantity"]["value"] == 3
    assert made["depression"]["valueQuantity"]["value"] == 2
    assert made["total"]["valueQuantity"]["value"] == 5
    assert code(made["anxiety"]) == (LOCAL, "phq-4-anxiety")


def test_subscale_that_is_not_complete_is_left_out(clinic):
    row = make_administration(clinic, [3, "declined", 1, 1], instrument_id="phq-4")
    _, made = written(row)
    assert "anxiety" not in made
    assert made["depression"]["valueQuantity"]["value"] == 2


def test_asq_has_an_outcome_in_words_and_no_total(clinic):
    values = [0, 0, 0, 1, 0]
    row = make_administration(clinic, values, instrument_id="asq", origin="STAFF")
    response, made = written(row)
    assert "total" not in made
    assert "note" not in made["panel"]
    result = made["result"]["valueCodeableConcept"]
    assert result["coding"][0]["code"] == "asq-result-non-acute"
    assert response["item"][0]["answer"][0]["valueCoding"]["code"] == "373067005"


def test_unfinished_asq_has_no_outcome(clinic):
    row = make_administration(clinic, [0, 0, 0], instrument_id="asq")
    assert "result" not in written(row)[1]


def test_safety_answer_stays_when_what_led_to_it_was_changed(clinic):
    row = make_administration(clinic, [0, 0, 0, 0, 1], instrument_id="asq")
    _, made = written(row)
    assert made["5"]["valueCodeableConcept"]["text"] == "Yes"
    assert made["result"]["valueCodeableConcept"]["coding"][0]["code"].endswith("acute")


def test_spanish_words_are_in_the_record_with_the_same_codes(clinic):
    row = make_administration(clinic, [1] * 7, instrument_id="gad-7", language="es-US")
    response, made = written(row)
    answer = response["item"][0]["answer"][0]["valueCoding"]
    assert answer["code"] == "LA6569-3"
    (words,) = answer["_display"]["extension"]
    assert words["extension"][1]["valueString"] == "Varios días"
    # LOINC's own wording of the answer is English, so no Spanish "display" of it.
    assert "display" not in answer
    assert "display" not in made["1"]["valueCodeableConcept"]["coding"][0]
    assert made["1"]["language"] == "es-US"


def test_last_answer_counts(clinic):
    row = make_administration(clinic, [0] * 9)
    add_answer(row, "/44250-9", 3)
    response, _ = written(row)
    assert response["item"][0]["answer"][0]["valueCoding"]["code"] == "LA6571-9"


@pytest.mark.parametrize("origin", ["STAFF", "IMPORTED"])
def test_answers_written_down_by_others_have_no_patient_as_source(clinic, origin):
    response, _ = written(make_administration(clinic, [0] * 9, origin=origin))
    assert "source" not in response


def test_numbering_system_without_address_gets_one(clinic):
    patient = make_patient(clinic, "MRN-7", system="Record number")
    response, _ = written(make_administration(clinic, [0] * 9, patient=patient))
    system = response["subject"]["identifier"]["system"]
    assert system == f"{BASE}/sid/{clinic.id}/record-number"


def test_patient_without_number_is_known_by_id_only(clinic):
    response, _ = written(make_administration(clinic, [0] * 9))
    assert "identifier" not in response["subject"]


def test_merged_patient_is_the_one_that_stayed(clinic):
    kept, gone = make_patient(clinic, "MRN-7"), make_patient(clinic, "OLD")
    gone.status, gone.merged_into = "MERGED", kept
    gone.save()
    response, _ = written(make_administration(clinic, [0] * 9, patient=gone))
    assert response["subject"]["reference"] == f"Patient/{kept.id}"
    assert response["subject"]["identifier"]["value"] == "MRN-7"


def test_clinic_that_is_not_live_gives_test_data(db):
    demo = make_clinic(purpose="DEMO")
    response, _ = written(make_administration(demo, [0] * 9))
    assert response["meta"]["tag"][0]["code"] == "HTEST"


def test_option_without_code_gets_a_local_one():
    instrument = definitions.get("phq-9", "en")
    first = instrument.items[0]
    bare = tuple(replace(option, code=None) for option in first.options)
    asked = replace(first, options=bare, code=None)
    instrument = replace(instrument, items=(asked, *instrument.items[1:]))
    item = as_item(instrument, asked, Standing(2, 2, "TAPPED"), Naming(base=BASE))
    assert item.concept.coding.code == "phq-9-anhedonia"
    assert item.choice is not None
    assert item.choice.concept.coding.code == "phq-9-anhedonia-2"
    assert item.choice.concept.coding.system == LOCAL


@pytest.mark.parametrize("status", ["IN_PROGRESS", "WITHDRAWN", "EXPIRED"])
def test_unfinished_is_not_found(clinic, status):
    row = make_administration(clinic, [1] * 9, status=status)
    assert finished(clinic, row.id) is None


def test_stranger_finds_nothing(clinic):
    row = make_administration(clinic, [1] * 9)
    assert finished(make_clinic("South clinic"), row.id) is None
