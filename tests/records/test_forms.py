"""Questionnaires: every version there ever was, in every language, by our own rules."""

import json

import pytest

from screening.definitions import load_all
from screening.domain.scoring import visible_items
from screening.models import Definition
from tests.records.conftest import AT
from tests.records.fhir.judge import accept
from tests.records.rows import make_administration
from tests.records.test_search import bundle, found

BASE = "/fhir/R4"
URL = f"http://localhost{BASE}/Questionnaire"
STRUCTURES = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"


def form(fhir, form_id):
    return bundle(fhir, f"Questionnaire/{form_id}")


def extension(element, url):
    found = [one for one in element.get("extension", ()) if one["url"] == url]
    return found[0] if found else None


def test_form_is_the_official_one_with_codes_and_weights(fhir):
    made = form(fhir, "phq-9-2026.1")
    assert made["url"] == f"{URL}/phq-9"
    assert (made["version"], made["status"], made["name"]) == (
        "2026.1",
        "active",
        "PHQ9",
    )
    assert made["code"][0]["code"] == "44249-1"
    assert "Pfizer" in made["copyright"]
    assert "LOINC" in made["copyright"]
    instruction, first, *_ = made["item"]
    assert instruction["type"] == "display"
    assert first["text"] == load_all()["phq-9", "en"].items[0].text
    assert (first["type"], first["required"]) == ("choice", True)
    assert first["code"][0]["code"] == "44250-9"
    assert [one["valueCoding"]["code"] for one in first["answerOption"]] == [
        "LA6568-5",
        "LA6569-3",
        "LA6570-1",
        "LA6571-9",
    ]
    for weight, option in enumerate(first["answerOption"]):
        for element, name in (
            (option, "itemWeight"),
            (option, "ordinalValue"),
            (option["valueCoding"], "ordinalValue"),
        ):
            assert extension(element, f"{STRUCTURES}/{name}")["valueDecimal"] == weight
    assert extension(first, f"{SDC}-observationExtract")["valueBoolean"] is True


def test_other_official_languages_stand_beside_the_words(fhir):
    spanish = load_all()["phq-9", "es-US"]
    made = form(fhir, "phq-9-2026.1")
    first = made["item"][1]

    def said(element):
        (one,) = element["extension"]
        return {
            part["url"]: next(v for k, v in part.items() if k != "url")
            for part in one["extension"]
        }

    assert said(first["_text"]) == {"lang": "es-US", "content": spanish.items[0].text}
    assert said(made["_title"])["content"] == spanish.title
    option = first["answerOption"][3]["valueCoding"]
    assert said(option["_display"])["content"] == spanish.items[0].options[3].text
    assert "_title" not in form(fhir, "phq-2-2026.1")


@pytest.mark.parametrize("name", sorted({one for one, _ in load_all()}))
def test_every_form_has_unique_items_and_sums_all_that_is_scored(fhir, name, db):
    instrument = load_all()[name, "en"]
    made = form(fhir, f"{name}-{instrument.version}")
    ids = [one["linkId"] for one in made["item"]]
    assert len(ids) == len(set(ids))
    sums = {
        one["linkId"]: extension(one, f"{SDC}-calculatedExpression")
        for one in made["item"]
        if one["type"] == "decimal"
    }
    if instrument.method != "sum":
        assert sums == {}
        return
    expression = sums["total"]["valueExpression"]["expression"]
    count = len(instrument.scored_items)
    assert f".count() = {count}, " in expression
    assert ".answer.value.weight().sum()" in expression
    assert all(f"'{one.link_id}'" in expression for one in instrument.scored_items)
    assert set(sums) == {"total", *(one.id for one in instrument.subscales)}


def test_item_that_is_not_always_asked_says_when(fhir):
    made = form(fhir, "phq-9-2026.1")
    (shown,) = (one for one in made["item"] if one["linkId"] == "/69722-7")
    said = extension(shown, f"{SDC}-enableWhenExpression")["valueExpression"]
    assert "'LA6569-3' | 'LA6570-1' | 'LA6571-9'" in said["expression"]
    assert "LA6568-5" not in said["expression"]
    instrument = load_all()["phq-9", "en"]
    assert len(visible_items(instrument, {})) == 9
    acute = form(fhir, "asq-2026.1")["item"][5]
    said = extension(acute, f"{SDC}-enableWhenExpression")["valueExpression"]
    assert said["expression"].endswith(".count() < 4")


def test_version_that_is_no_longer_given_is_retired_and_stays(fhir, clinic):
    row = make_administration(clinic, [1] * 9)
    content = row.definition.content
    for half in content.values():
        half["version"] = "2024.1"
    row.definition = Definition.objects.create(
        instrument_id="phq-9",
        version="2024.1",
        language="en",
        checksum=row.definition.checksum,
        content=content,
        created_at=AT,
    )
    row.save()
    response = bundle(fhir, f"QuestionnaireResponse/{row.id}")
    pinned = bundle(fhir, f"Questionnaire?url={response['questionnaire']}")
    assert found(pinned) == ["Questionnaire/phq-9-2024.1"]
    assert pinned["entry"][0]["resource"]["status"] == "retired"
    both = bundle(fhir, f"Questionnaire?url={URL}/phq-9")
    assert len(found(both)) == 2
    for query, count in (
        ("status=retired", 1),
        ("version=2024.1", 1),
        ("code=http://loinc.org|44249-1", 2),
        ("title=patient health questionnaire-9", 2),
        (f"identifier=urn:ietf:rfc:3986|{URL}/phq-9|2024.1", 1),
        (f"_id=phq-9-2024.1&url={URL}/phq-9", 1),
    ):
        assert bundle(fhir, f"Questionnaire?{query}").get("total") == count, query


def test_canonical_address_is_no_resource(fhir):
    answer = fhir.get(f"{BASE}/Questionnaire/phq-9")
    assert answer.status_code == 404
    accept(json.loads(answer.content))
