"""The statement is true: what it names is answered, and all else is refused."""

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from django.urls import get_resolver

from records.api.kinds import KINDS, Asking, Kind
from records.api.params import SearchRefused
from records.api.search import read_search
from records.fhir.served import SERVED
from records.presenters import Naming
from tests.records.conftest import make_token, showing
from tests.records.rows import make_administration
from tests.records.test_api import NOBODY, body, refused
from tests.records.test_search import bundle

BASE = "/fhir/R4"


@pytest.fixture
def row(clinic):
    return make_administration(clinic, [1] * 9 + [0])


@pytest.fixture
def system(clinic):
    return showing(make_token(clinic, ["system/*.cruds"]).secret)


def test_statement_is_true_of_every_address_and_parameter(fhir, client, row):
    statement = json.loads(client.get(f"{BASE}/metadata").content)
    stated = {one["type"]: one for one in statement["rest"][0]["resource"]}
    searched = {
        name
        for name, one in stated.items()
        if {"code": "search-type"} in one["interaction"]
    }
    assert searched == set(KINDS)
    for name, kind in KINDS.items():
        assert {p["name"] for p in stated[name]["searchParam"]} == set(kind.where)
        codes = {one["code"] for one in stated[name]["interaction"]}
        assert ("vread" in codes) == (type(kind).versions is not Kind.versions)
        for one in (
            *(f"_include={one}" for one in stated[name].get("searchInclude", ())),
            *(f"_revinclude={one}" for one in stated[name].get("searchRevInclude", ())),
        ):
            bundle(fhir, f"{name}?{one}")
    routes = get_resolver("records.urls").reverse_dict.keys()
    named = {one for one in routes if isinstance(one, str)}
    # What FHIR knows as a type begins with a capital; exports are operations of the
    # whole server, which the statement names apart.
    types = {one.partition("-")[0] for one in named if one[0].isupper()}
    assert types == set(stated)
    assert statement["rest"][0]["operation"]


def test_statement_is_true_of_what_may_be_sent_in(system, client):
    """What it says can be created is judged; all else takes no POST."""
    statement = json.loads(client.get(f"{BASE}/metadata").content)
    made, conditional = set(), set()
    for one in statement["rest"][0]["resource"]:
        address = f"{BASE}/{one['type']}"
        if {"code": "create"} not in one["interaction"]:
            refused(system.post(address, {}, format="json"), 405, "not-supported")
            continue
        made.add(one["type"])
        assert system.post(address, {}, format="json").status_code == 422
        # A condition is read before what is sent, by whoever knows conditions.
        condition = {"HTTP_IF_NONE_EXIST": "name=x"}
        answer = system.post(address, {}, format="json", **condition)
        assert answer.status_code == (412 if one.get("conditionalCreate") else 422)
        conditional |= {one["type"]} if one.get("conditionalCreate") else set()
    assert made == {
        *("QuestionnaireResponse", "Questionnaire", "ServiceRequest", "Task"),
        "Subscription",
    }
    assert conditional == made - {"Questionnaire", "Subscription"}


VALUES = {
    "token": "final",
    "date": "2026-03-04",
    "uri": "http://localhost/x",
    "string": "PHQ",
    "reference": "QuestionnaireResponse/1",
}


@pytest.mark.parametrize("served", SERVED, ids=lambda one: one.resource)
def test_every_parameter_is_answered(fhir, row, served):
    for name, kind, _ in served.search:
        value = VALUES[kind]
        if name in ("patient", "subject"):
            value = f"Patient/{row.screening.patient_id}"
        if name == "has-member":
            value = f"Observation/{row.id}.total"
        bundle(fhir, f"{served.resource}?{name}={value}")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("derived-from=1", "derived-from"),
        ("derived-from=QuestionnaireResponse/%00", "derived-from"),
        (f"derived-from=Patient/{NOBODY}", "derived-from"),
        (f"derived-from=QuestionnaireResponse/{NOBODY}&colour=red", "colour"),
        ("patient:missing=true", "patient:missing"),
        ("patient.name=Doe", "patient.name"),
        ("_sort=code", "_sort"),
        ("_sort=date,_id", "_sort"),
        ("_sort=--date", "_sort"),
        ("date=yesterday", "date"),
        ("date=2026-13-01", "date"),
        ("date=ap2026-01-01", "date"),
        ("_lastUpdated=2026-01-01T08:00", "_lastUpdated"),
        ("_count=-1", "_count"),
        ("_count=1111111111", "_count"),
        ("_summary=yes", "_summary"),
        ("_summary=text&_include=Observation:patient", "_summary"),
        ("_elements=code.coding", "_elements"),
        ("_elements=", "_elements"),
        ("_elements=code&_summary=true", "_elements"),
        ("_total=all", "_total"),
        ("code=", "code"),
        ("code=" + "," * 200, "code"),
        ("&".join(["status=final"] * 51), "status"),
        ("_sort=date&_cursor=WyJ4Il0=", "_cursor"),
        ("_sort=-_lastUpdated&_cursor=WzFd", "_cursor"),
        ("_count=all", "_count"),
        ("_cursor=nowhere", "_cursor"),
        ("_include=Observation:performer", "_include"),
        ("_revinclude=Task:focus", "_revinclude"),
    ],
)
def test_search_that_cannot_be_answered_truly_is_refused(fhir, query, place):
    answer = fhir.get(f"{BASE}/Observation?{query}")
    text = refused(answer, 400, "invalid")
    assert text.startswith(place)
    assert body(answer)["issue"][0]["expression"] == [f"http.{place}"]


@pytest.mark.parametrize(
    "query",
    [
        "patient=Patient/1",
        f"patient={NOBODY}",
        f"derived-from=QuestionnaireResponse/{NOBODY}",
        "_id=nothing",
        "code=http://snomed.info/sct|44261-6",
        "category=laboratory",
    ],
)
def test_search_for_nobody_is_an_empty_bundle(fhir, row, query):
    assert body(fhir.get(f"{BASE}/Observation?{query}"))["total"] == 0


ODD = (
    *("%", "a|b|c", ",", "|", "9999-12-31", "0000-01-01", "eq", "Patient/", "\\"),
    *("Observation/x/y", "2026-03-04T25:00:00Z", "2026-03-04T05:06Z", "9" * 400),
)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.type)
def test_odd_values_are_answered_or_refused(clinic, kind):
    """Whatever a client sends is its own fault, never ours."""
    asking = Asking(clinic, Naming(base="https://clinic.example/fhir"), "Program")
    for name in kind.where:
        for value in ODD:
            with suppress(SearchRefused):
                search = read_search(asking, kind, [(name, value)], lenient=False)
                page = kind.page(asking, search.clauses, after=None, count=1)
                assert page.resources == [] or kind.type == "Questionnaire"
    with pytest.raises(SearchRefused):
        read_search(asking, kind, [("_id", "\x00")], lenient=False)


PLACES: tuple[Any, ...] = (
    [],
    ["x"],
    [NOBODY, "x"],
    [1, -1],
    [2**70, 2**70],
    {},
    None,
    [[NOBODY]],
)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.type)
def test_next_link_that_somebody_made_up_is_refused(clinic, kind):
    asking = Asking(clinic, Naming(base="https://clinic.example/fhir"), "Program")
    texts = [json.dumps(one) for one in PLACES if kind.type != "Questionnaire"]
    for text in (*texts, "[1", "[" * 5000):
        place = base64.urlsafe_b64encode(text.encode()).decode()
        with pytest.raises(SearchRefused):
            read_search(asking, kind, [("_cursor", place)], lenient=False)


def test_statement_names_the_address_of_tokens(client, db):
    statement = json.loads(client.get(f"{BASE}/metadata").content)
    security = statement["rest"][0]["security"]
    assert security["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"
    (uris,) = security["extension"]
    known = client.get(f"{BASE}/.well-known/smart-configuration").json()
    assert uris["extension"] == [{"url": "token", "valueUri": known["token_endpoint"]}]
