"""Bundle, OperationOutcome and CapabilityStatement."""

import pytest
from fhirclient.models.fhirabstractbase import FHIRValidationError

from records.fhir.bundle import searchset
from records.fhir.capability import SERVED, capability_statement
from records.fhir.observation import observations
from records.fhir.outcome import operation_outcome
from records.fhir.values import Server
from tests.records.fhir.administrations import administration
from tests.records.fhir.judge import accept

BASE = "https://clinic.example/fhir/R4"


def test_searchset_counts_and_points_to_each_resource():
    found = observations(administration())
    made = searchset(
        found, base_url=BASE, self_url=f"{BASE}/Observation?x=1", total=len(found)
    )
    accept(made)
    assert made["total"] == 3
    assert made["entry"][0]["fullUrl"] == f"{BASE}/Observation/{found[0]['id']}"


def test_empty_searchset_has_no_entry():
    made = searchset([], base_url=BASE, self_url=f"{BASE}/Observation?x=1", total=0)
    accept(made)
    assert made["total"] == 0
    assert "entry" not in made


def test_outcome_has_code_sentence_and_place():
    made = operation_outcome(code="invalid", text="No.", expression="Observation.code")
    accept(made)
    assert made["issue"] == [
        {
            "severity": "error",
            "code": "invalid",
            "details": {"text": "No."},
            "expression": ["Observation.code"],
        }
    ]


def test_outcome_without_place_has_no_expression():
    made = operation_outcome(code="login", text="No token.")
    accept(made)
    assert "expression" not in made["issue"][0]


def test_capability_statement_lists_what_is_served():
    server = Server(base_url=BASE, software="Screening assistant")
    made = capability_statement(server)
    accept(made)
    (rest,) = made["rest"]
    assert [r["type"] for r in rest["resource"]] == [s.resource for s in SERVED]
    for stated, served in zip(rest["resource"], SERVED, strict=True):
        named = [one["name"] for one in stated.get("searchParam", ())]
        assert named == [name for name, _, _ in served.search]


@pytest.mark.parametrize(
    "fault",
    [
        {"valueQuantity": {"value": "12"}},
        {"status": None},
        {"colour": "red"},
        {"hasMember": []},
        {"issued": "2026-03-04T05:06:07"},
        {"valueString": "both"},
    ],
)
def test_judges_refuse_what_is_wrong(fault):
    """A judge that accepts anything proves nothing."""
    total = observations(administration())[-1]
    accept(total)
    with pytest.raises((AssertionError, ValueError, FHIRValidationError)):
        accept({**total, **fault})
