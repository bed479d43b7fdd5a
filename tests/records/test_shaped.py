"""The answer to a search: sorted, counted, and cut down to what was asked for."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from core.models import AuditEvent
from records.api.kinds import KINDS
from records.api.kinds import order as ordering
from records.fhir.summary import ALWAYS, NEEDED, SUMMARY, Shape
from screening.models import Administration, Screening
from tests.records.conftest import AT, make_token, showing
from tests.records.rows import make_administration, make_clinic, make_patient
from tests.records.smart.sent import send
from tests.records.smart.test_drafts import questionnaire
from tests.records.smart.test_ordering import ORDERS, service_request
from tests.records.test_amended import NINE, put_right
from tests.records.test_search import PHQ_9, bundle, found, link, walk

SUBSETTED = "SUBSETTED"


def resources(page):
    return [one["resource"] for one in page.get("entry", ())]


def tags(resource):
    return [one["code"] for one in resource["meta"].get("tag", ())]


@pytest.fixture
def days(clinic):
    """Three results of three days, the first told of as the last."""
    rows = [make_administration(clinic, PHQ_9) for _ in range(3)]
    for number, row in enumerate(rows):
        at = AT + timedelta(days=number)
        Administration.objects.filter(id=row.id).update(completed_at=at)
    Screening.objects.filter(id=rows[0].screening_id).update(
        answered_at=AT + timedelta(days=9)
    )
    return [str(rows[number].id) for number in (1, 2, 0)]


@pytest.mark.parametrize(
    ("kind", "name", "member", "each"),
    [
        ("QuestionnaireResponse", "authored", "authored", 1),
        ("Observation", "date", "effectiveDateTime", 12),
        ("QuestionnaireResponse", "_lastUpdated", None, 1),
        ("Provenance", "recorded", "recorded", 2),
    ],
)
def test_sorted_pages_follow_one_another_both_ways(
    fhir, days, kind, name, member, each
):
    size = 7 if kind == "Observation" else 1
    for sign in ("", "-"):
        path: str | None = f"/fhir/R4/{kind}?_sort={sign}{name}&_count={size}"
        gathered: list[dict[str, Any]] = []
        while path:
            page = fhir.get(path).json()
            gathered += resources(page)
            path = link(page, "next")
        ids = [one["id"] for one in gathered]
        assert len(ids) == len(set(ids)) == 3 * each
        moments = [one.get(member) or one["meta"]["lastUpdated"] for one in gathered]
        assert moments == sorted(moments, reverse=bool(sign))
        if member and kind != "Provenance":
            order = list(dict.fromkeys(one[:36] for one in ids))
            assert order == (list(reversed(days)) if sign else days)


def test_what_was_never_finished_is_sorted_by_its_last_answer(fhir, clinic, days):
    begun = make_administration(clinic, [1, 2], status="IN_PROGRESS")
    gathered, _ = walk(fhir, "QuestionnaireResponse?_sort=-authored&_count=1")
    assert len(gathered) == 4
    # Of the first day; what was answered then and told of later comes before it.
    assert gathered[-1] == f"QuestionnaireResponse/{begun.id}"


def test_amended_answer_moves_to_the_front(fhir, clinic):
    first = make_administration(clinic, PHQ_9)
    make_administration(clinic, PHQ_9)
    put_right(first, NINE, 2)
    page = bundle(fhir, "QuestionnaireResponse?_sort=-authored&_count=1")
    assert found(page) == [f"QuestionnaireResponse/{first.id}"]
    newest = bundle(fhir, "Observation?_sort=-_lastUpdated&_count=3")
    assert {one.partition("/")[2][:36] for one in found(newest)} == {str(first.id)}


def test_log_is_read_from_its_end(fhir, clinic, days):
    bundle(fhir, "Patient")
    gathered, pages = walk(fhir, "AuditEvent?_sort=-date&_count=1")
    assert len(gathered) == len(set(gathered)) == pages
    rows = AuditEvent.objects.filter(chain=f"clinic:{clinic.id}")
    ids = [f"AuditEvent/{one.id}" for one in rows.order_by("-at", "-seq")]
    assert gathered == [one for one in ids if one in set(gathered)]


def test_what_would_have_to_be_read_whole_is_refused_beyond_a_limit(
    fhir, days, monkeypatch
):
    monkeypatch.setattr("records.api.kinds.base.MOST_WHOLE", 2)
    for query, place in (
        ("_sort=_lastUpdated", "_sort"),
        ("_summary=count", "_summary"),
        ("_count=0", "_count"),
        ("_total=accurate&_count=1", "_total"),
    ):
        refusal = bundle(fhir, f"Observation?{query}", status=400)
        (issue,) = refusal["issue"]
        assert issue["code"] == "too-costly"
        assert issue["expression"] == [f"http.{place}"]
        assert "Narrow the search" in issue["details"]["text"]
    # Where rows tell, nothing is read whole.
    known = bundle(fhir, "QuestionnaireResponse?_total=accurate&_count=1")
    assert known["total"] == 3
    assert "total" not in bundle(fhir, "Observation?_count=1&_total=estimate")
    assert ordering.MOST_WHOLE == 500


def test_counted_alone_says_whom_it_counted(fhir, clinic):
    patient = make_patient(clinic, number="12")
    make_administration(clinic, PHQ_9, patient=patient)
    for kind, size in (
        ("QuestionnaireResponse", 1),
        ("Observation", 12),
        ("Questionnaire", len(bundle(fhir, "Questionnaire")["entry"])),
        (f"Patient?identifier=12&_id={patient.id}", 1),
    ):
        before = AuditEvent.objects.filter(object_id=str(patient.id)).count()
        glue = "&" if "?" in kind else "?"
        for query in ("_count=0", "_summary=count"):
            page = bundle(fhir, f"{kind}{glue}{query}")
            assert page["total"] == size
            assert "entry" not in page
            assert link(page, "next") is None
        after = AuditEvent.objects.filter(object_id=str(patient.id)).count()
        assert after - before == (0 if kind == "Questionnaire" else 2)


def test_total_is_told_or_not_as_asked(fhir, days):
    assert "total" not in bundle(fhir, "QuestionnaireResponse?_total=none")
    page = bundle(fhir, "QuestionnaireResponse?_count=2&_total=accurate")
    assert (page["total"], len(page["entry"])) == (3, 2)


def test_part_of_a_resource_is_marked_as_a_part(fhir, days):
    one = f"QuestionnaireResponse/{days[0]}"
    (summary,) = resources(
        bundle(fhir, f"QuestionnaireResponse?_id={days[0]}&_summary=true")
    )
    assert "item" not in summary
    assert summary["questionnaire"]
    assert tags(summary) == [SUBSETTED]
    assert bundle(fhir, f"{one}?_summary=true") == summary
    chosen = bundle(fhir, f"{one}?_elements=authored,item")
    assert chosen.keys() - {"resourceType", "id", "meta"} == {
        "authored",
        "item",
        "status",
    }
    assert tags(chosen) == [SUBSETTED]
    for query in ("_summary=false", "_summary=data", ""):
        whole = bundle(fhir, f"{one}?{query}")
        assert whole["item"]
        assert tags(whole) == []
    text = bundle(fhir, f"{one}?_summary=text")
    assert text.keys() == {"resourceType", "id", "meta", "status"}
    assert fhir.get(f"/fhir/R4/{one}?_summary=maybe").status_code == 400


def test_elements_are_chosen_of_the_matches_alone(fhir, days):
    page = bundle(
        fhir,
        f"QuestionnaireResponse?_id={days[0]}&_elements=authored"
        "&_include=QuestionnaireResponse:patient",
    )
    match, patient = resources(page)
    assert tags(match) == [SUBSETTED]
    assert patient["name"]
    assert tags(patient) == []
    # Whose record it is stands in the log, although it was not among the elements.
    assert "subject" not in match
    lines = AuditEvent.objects.filter(kind="RECORD_READ", object_type="patient")
    assert lines.get().object_id == patient["id"]


def test_narrative_and_what_belongs_to_a_member(db):
    sent = {
        "resourceType": "Questionnaire",
        "id": "1",
        "text": {"div": "<div/>"},
        "status": "draft",
        "title": "A form",
        "_title": {"extension": []},
    }
    assert Shape("data").of(sent).keys() == {*sent, "meta"} - {"text"}
    assert Shape("true").of(sent).keys() == {*sent, "meta"} - {"text"}
    assert "text" in Shape("text").of(sent)
    other = {"resourceType": "Basic", "id": "1", "code": {}}
    assert Shape("true").of(other) == other


@pytest.mark.parametrize("kind", SUMMARY)
def test_summaries_are_those_of_the_specification(kind):
    """As fhir.resources has them, which was made from the specification."""
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    said = set(model.summary_elements_sequence())
    assert said >= SUMMARY[kind]
    required = {
        field.alias or name
        for name, field in model.model_fields.items()
        if field.is_required()
        or (field.json_schema_extra or {}).get("element_required")
    }
    assert required - {"status"} <= NEEDED[kind] | ALWAYS
    assert set(KINDS) <= set(SUMMARY)


def test_order_is_found_by_its_id_alone(clinic):
    system = showing(make_token(clinic, ["system/*.cruds"]).secret)
    patient = make_patient(clinic)
    order = json.loads(send(system, service_request(patient), ORDERS).content)["id"]
    assert resources(bundle(system, f"Task?_id={order}")) == [
        bundle(system, f"Task/{order}")
    ]
    at = bundle(system, f"Task/{order}")["authoredOn"]
    for query, size in (
        (f"_id={order}&patient={patient.id}&status=requested", 1),
        (f"_id={order}&authored-on={at}&_lastUpdated={at}", 1),
        (f"_id={order}&_sort=-_lastUpdated&_summary=count", 1),
        (f"_id={order}&status=completed", 0),
        (f"_id={order}&patient={make_patient(clinic).id}", 0),
        (f"_id={order}&patient=nobody", 0),
        (f"_id={order}&authored-on=lt2026-01-01", 0),
        (f"patient={patient.id}", 0),
        ("status=requested", 0),
    ):
        assert bundle(system, f"Task?{query}")["total"] == size, query
    other = showing(make_token(make_clinic("South clinic"), ["system/*.rs"]).secret)
    assert bundle(other, f"Task?_id={order}")["total"] == 0


def test_draft_is_found_by_its_id_alone(clinic):
    system = showing(make_token(clinic, ["system/*.cruds"]).secret)
    sent = questionnaire(identifier="odd", code=[{"code": "c"}, "odd"])
    draft = send(system, sent, "/fhir/R4/Questionnaire").json()
    one = system.get(f"/fhir/R4/Questionnaire?_id={draft['id']}").json()
    assert resources(one) == [draft]
    for query, size in (
        (f"_id={draft['id']},phq-9-2026.1", 2),
        (f"_id={draft['id']}&url={sent['url']}|1&status=draft&code=c", 1),
        (f"_id={draft['id']}&identifier=odd", 0),
        (f"url={sent['url']}", 0),
        ("status=draft", 0),
    ):
        page = system.get(f"/fhir/R4/Questionnaire?{query}").json()
        assert page["total"] == size, query


def test_orders_are_searched(clinic):
    system = showing(make_token(clinic, ["system/*.cruds"]).secret)
    patients = [make_patient(clinic) for _ in range(3)]
    made = [send(system, service_request(one), ORDERS).json()["id"] for one in patients]
    Screening.objects.filter(id=made[1]).update(
        status="EXPIRED", closed_at=AT, created_at=AT
    )
    Screening.objects.filter(id=made[2]).update(
        status="COMPLETED", started_at=AT, created_at=AT, closed_at=AT, completed_at=AT
    )
    make_administration(clinic, PHQ_9, patient=patients[0])
    for query, names in (
        ("", {0, 1, 2, 3}),
        ("status=active", {0}),
        ("status=revoked", {1}),
        ("status=completed", {2, 3}),
        ("status=draft", set()),
        (f"patient={patients[1].id}", {1}),
        ("authored=2026-03-04", {1, 2, 3}),
        ("_lastUpdated=gt2026-03-04", {0}),
        ("_lastUpdated=le2026-03-04", {1, 2, 3}),
    ):
        page = bundle(system, f"ServiceRequest?{query}")
        places = {
            made.index(one["id"]) if one["id"] in made else 3 for one in resources(page)
        }
        assert places == names, query
    gathered, _ = walk(system, "ServiceRequest?_sort=-authored&_count=1")
    assert gathered[0] == f"ServiceRequest/{made[0]}"
    assert len(set(gathered)) == 4
    along = bundle(
        system, f"ServiceRequest?_id={made[0]}&_include=ServiceRequest:patient"
    )
    assert found(along, "include") == [f"Patient/{patients[0].id}"]
