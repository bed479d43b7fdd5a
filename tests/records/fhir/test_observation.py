"""The Observations, field by field."""

from decimal import Decimal
from uuid import uuid5

from records.fhir.observation import observation_ids, observations
from records.fhir.values import Finding
from tests.records.fhir.administrations import (
    ID,
    LOCAL,
    administration,
    concept,
    item,
    total,
)
from tests.records.fhir.judge import accept


def made(**changes):
    """Panel, item and total of a hand-made administration, read by the judge."""
    whole = administration(**changes)
    all_of_them = observations(whole)
    for one in all_of_them:
        accept(one)
    # A Provenance names them without making them.
    assert observation_ids(whole) == tuple(one["id"] for one in all_of_them)
    return all_of_them


def test_panel_holds_members_and_no_value():
    panel, *members = made()
    assert panel["code"]["coding"][0]["code"] == "44249-1"
    assert [m["reference"] for m in panel["hasMember"]] == [
        f"Observation/{one['id']}" for one in members
    ]
    assert panel["derivedFrom"][0]["reference"] == f"QuestionnaireResponse/{ID}"
    assert not [name for name in panel if name.startswith("value")]


def test_every_observation_is_a_final_survey():
    for one in made():
        assert one["status"] == "final"
        assert [c["coding"][0]["code"] for c in one["category"]] == ["survey"]


def test_item_value_is_the_coded_option():
    item_one = made()[1]
    assert item_one["valueCodeableConcept"]["coding"][0]["code"] == "LA6569-3"
    assert item_one["performer"] == [item_one["subject"]]


def test_declined_and_not_asked_are_different_reasons():
    declined = item("1", choice=None, declined=True)
    unasked = item("2", choice=None)
    _, first, second = made(items=(declined, unasked), measures=())
    assert first["dataAbsentReason"]["coding"][0]["code"] == "asked-declined"
    assert second["dataAbsentReason"]["coding"][0]["code"] == "not-asked"
    assert "performer" not in first


def test_item_asked_by_staff_has_no_performer():
    assert "performer" not in made(self_reported=False)[1]


def test_total_is_a_quantity_with_band_and_sources_and_no_performer():
    score = made()[-1]
    assert score["valueQuantity"] == {
        "value": 12,
        "unit": "{score}",
        "system": "http://unitsofmeasure.org",
        "code": "{score}",
    }
    assert score["interpretation"][0]["text"] == "Moderate"
    assert [r["reference"] for r in score["derivedFrom"]] == [
        f"QuestionnaireResponse/{ID}",
        f"Observation/{ID}.1",
    ]
    assert not {"performer", "method", "note"} & score.keys()


def test_prorated_total_says_so():
    score = made(measures=(total(value=Decimal("12.38"), prorated="One missing."),))[-1]
    assert score["valueQuantity"]["value"] == 12.38
    assert score["method"] == {"text": "Prorated"}
    assert score["note"] == [{"text": "One missing."}]


def test_total_without_band_has_no_interpretation():
    assert "interpretation" not in made(measures=(total(band=None),))[-1]


def test_absent_total_is_no_observation_and_the_panel_says_why():
    panel, *members = made(measures=(), no_total="No total: one answer is missing.")
    assert panel["note"] == [{"text": "No total: one answer is missing."}]
    assert len(members) == 1


def test_finding_is_words():
    finding = Finding(
        key="result",
        concept=concept("asq-result", "ASQ result", system=LOCAL),
        value=concept("asq-result-negative", "Negative screen", system=LOCAL),
        from_items=("1",),
    )
    last = made(measures=(), finding=finding)[-1]
    assert last["valueCodeableConcept"]["text"] == "Negative screen"
    assert last["id"] == f"{ID}.result"


def test_ids_are_the_same_every_time():
    first, second = made(), made()
    assert [one["id"] for one in first] == [one["id"] for one in second]
    urn = f"urn:uuid:{uuid5(ID, 'total')}"
    assert first[-1]["identifier"][0]["value"] == urn
