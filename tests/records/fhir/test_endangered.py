"""Refused answers are looked through for danger, whatever else is wrong with them."""

import pytest

from records.fhir.answered import ABSENT
from records.fhir.endangered import danger_in

HARMLESS = {"/9": {"none"}}
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def coded(code: object, weight: object = None) -> dict[str, object]:
    extension = [] if weight is None else [{"url": ORDINAL, "valueDecimal": weight}]
    return {"valueCoding": {"code": code, "extension": extension}}


def nine(answer: object, **more: object) -> dict[str, object]:
    return {"item": [{"linkId": "/1"}, {"linkId": "/9", "answer": answer, **more}]}


@pytest.mark.parametrize(
    "resource",
    [
        nine([{"valueInteger": 1}]),
        nine([{"valueDecimal": 2}]),
        nine([coded("often")]),
        nine([coded("none", 3)]),
        nine([{"valueString": "Nearly every day"}]),
        nine([{"valueInteger": 0}, {"valueInteger": 3}]),
        nine({"valueInteger": 3}),
        nine("3"),
        nine([], extension=[{"url": ABSENT, "valueCode": "asked-declined"}]),
        {"item": [{"linkId": "9", "answer": [{"valueInteger": 1}]}]},
        {"item": {"linkId": "/9", "answer": [{"valueInteger": 1}]}},
        {"item": [{"linkId": "group", **nine([{"valueInteger": 1}])}]},
        {"item": [{"linkId": "/1", "answer": [nine([{"valueInteger": 1}])]}]},
    ],
)
def test_answer_that_is_not_plainly_zero_is_danger(resource: object) -> None:
    issue = danger_in(resource, HARMLESS)
    assert issue is not None
    assert "nobody here will see it" in issue.text
    assert issue.expression.startswith("item[")


@pytest.mark.parametrize(
    "resource",
    [
        nine([{"valueInteger": 0}]),
        nine([coded("none")]),
        nine([coded("none", 0)]),
        nine([]),
        nine([], extension=5),
        {"item": [{"linkId": 9, "answer": [{"valueInteger": 1}]}, "9"]},
        {"item": [{"linkId": "/1", "answer": [{"valueInteger": 3}]}]},
        {},
        [],
    ],
)
def test_zero_no_answer_and_other_questions_are_none(resource: object) -> None:
    assert danger_in(resource, HARMLESS) is None
