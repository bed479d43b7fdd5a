"""Searches: pages, dates, what comes along, and that the statement is true of them."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinicians.actions.merging import merge
from core.models import AuditEvent, Role
from tests.cast import make_user
from tests.records.conftest import AT, make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_administration, make_clinic, make_patient
from tests.records.test_amended import NINE, put_right

BASE = "/fhir/R4"
PHQ_9, GAD_7 = [1] * 9 + [0], [2] * 7


def bundle(fhir, path, status=200, **headers):
    """The answer, accepted by the judge."""
    response = fhir.get(f"{BASE}/{path}", headers=headers)
    assert response.status_code == status, response.content
    found = json.loads(response.content)
    accept(found)
    return found


def found(page, mode="match"):
    return [
        f"{one['resource']['resourceType']}/{one['resource']['id']}"
        for one in page.get("entry", ())
        if one["search"]["mode"] == mode
    ]


def link(page, relation):
    return next((o["url"] for o in page["link"] if o["relation"] == relation), None)


def walk(fhir, path):
    """Every match of every page, in the order in which they came."""
    gathered, pages = [], 0
    while path:
        page = bundle(fhir, path)
        gathered += found(page)
        path = (link(page, "next") or "").partition(f"{BASE}/")[2]
        pages += 1
    return gathered, pages


def queries(fhir, path):
    with CaptureQueriesContext(connection) as caught:
        assert fhir.get(f"{BASE}/{path}").status_code == 200
    around = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    asked = [one["sql"] for one in caught.captured_queries]
    return len([sql for sql in asked if not sql.startswith(around)])


@pytest.fixture
def patient(clinic):
    return make_patient(clinic, number="12")


@pytest.fixture
def row(clinic, patient):
    return make_administration(clinic, PHQ_9, patient=patient)


def test_every_page_is_reached_and_nothing_comes_twice(fhir, clinic, patient):
    rows = [make_administration(clinic, PHQ_9, patient=patient) for _ in range(2)]
    make_administration(make_clinic("South clinic"), PHQ_9)
    everything, pages = walk(fhir, "Observation?_count=5")
    assert len(everything) == len(set(everything)) == 2 * 12
    assert pages >= 5
    for path, count in (
        ("QuestionnaireResponse?_count=1", 2),
        (f"Patient?_count=1&_id={patient.id}", 1),
        ("Questionnaire?_count=2", len(bundle(fhir, "Questionnaire")["entry"])),
        ("Provenance?_count=1", 4),
    ):
        gathered, _ = walk(fhir, path)
        assert len(gathered) == len(set(gathered)) == count
    assert {str(one.id) for one in rows} == {
        one.partition("/")[2] for one in walk(fhir, "QuestionnaireResponse")[0]
    }


def test_log_can_be_read_to_its_end_although_reading_adds_to_it(fhir, row):
    for _ in range(3):
        bundle(fhir, f"Patient/{row.screening.patient_id}")
    gathered, pages = walk(fhir, "AuditEvent?_count=1")
    assert (len(gathered), pages) == (5, 5)  # the client, its token, and three reads
    own = bundle(fhir, f"AuditEvent?patient={row.screening.patient_id}")
    # Three reads, and the three pages of the log that told of them.
    assert own["total"] == 6


def test_total_is_said_only_where_it_is_known(fhir, clinic, row):
    make_administration(clinic, PHQ_9)
    assert bundle(fhir, "QuestionnaireResponse")["total"] == 2
    assert "total" not in bundle(fhir, "QuestionnaireResponse?_count=1")


def test_what_us_core_asks_of_observations(fhir, clinic, patient, row):
    make_administration(clinic, GAD_7, instrument_id="gad-7", patient=patient)
    make_administration(clinic, PHQ_9)
    mine = f"Observation?patient=Patient/{patient.id}"
    for query, count in (
        (
            "category=http://terminology.hl7.org/CodeSystem/observation-category|survey",
            22,
        ),
        ("category=survey&date=ge2026-03-04", 22),
        ("category=survey&date=gt2026-03-04", 0),
        ("category=survey&date=2026-03", 22),
        ("category=survey&date=ge2026-03-04T05:06:07Z&date=lt2026-03-05", 22),
        ("code=http://loinc.org|44261-6", 1),
        ("code=44261-6,70274-6", 2),
        ("code=44249-1&status=final", 1),
        ("code=44249-1&status=amended", 0),
    ):
        assert bundle(fhir, f"{mine}&{query}").get("total") == count, query
    total = f"Observation/{row.id}.total"
    members = bundle(fhir, f"Observation?has-member={total}")
    assert found(members) == [f"Observation/{row.id}.panel"]
    rests = bundle(fhir, f"Observation?derived-from=Observation/{row.id}.1")
    assert found(rests) == [total]


def test_responses_by_status_form_time_and_identifier(fhir, clinic, patient, row):
    begun = make_administration(
        clinic, [1, 2], patient=patient, status="IN_PROGRESS", instrument_id="gad-7"
    )
    make_administration(clinic, [None] * 9, status="IN_PROGRESS")
    url = f"http://localhost{BASE}/Questionnaire/phq-9"
    ids = {row.id: "phq", begun.id: "gad"}
    for query, names in (
        ("", {"phq", "gad"}),
        ("status=completed", {"phq"}),
        ("status=in-progress", {"gad"}),
        ("status=completed,in-progress", {"phq", "gad"}),
        ("status=entered-in-error", set()),
        (f"questionnaire={url}", {"phq"}),
        (f"questionnaire={url}|2026.1", {"phq"}),
        (f"questionnaire={url}|1.0", set()),
        (f"identifier=urn:ietf:rfc:3986|urn:uuid:{row.id}", {"phq"}),
        (f"patient={patient.id}&authored=2026-03-04", {"phq", "gad"}),
        (f"_id={row.id}", {"phq"}),
    ):
        page = bundle(fhir, f"QuestionnaireResponse?{query}")
        got = {ids[type(row.id)(one.partition("/")[2])] for one in found(page)}
        assert got == names, query
    unfinished = bundle(fhir, f"QuestionnaireResponse/{begun.id}")
    assert unfinished["status"] == "in-progress"
    assert unfinished["meta"]["versionId"] == "i2"
    assert len(unfinished["item"]) == 2
    # Nothing is scored that is not finished.
    assert (
        bundle(fhir, f"Observation?derived-from=QuestionnaireResponse/{begun.id}")[
            "total"
        ]
        == 0
    )


def test_what_changed_since_then_is_found_and_nothing_else(fhir, clinic, row):
    put_right(row, NINE, 2)
    other = make_administration(clinic, PHQ_9)
    later = (AT + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    changed = bundle(fhir, f"Observation?_lastUpdated=ge{later}")
    assert {one.rpartition(".")[2] for one in found(changed)} == {"panel", "9", "total"}
    before = bundle(fhir, f"Observation?_lastUpdated=lt{later}")
    assert len(found(before)) == 12 + 9
    responses = bundle(fhir, f"QuestionnaireResponse?_lastUpdated=gt{later}")
    assert found(responses) == [f"QuestionnaireResponse/{row.id}"]
    older = bundle(fhir, f"QuestionnaireResponse?_lastUpdated=le{later}")
    assert found(older) == [f"QuestionnaireResponse/{other.id}"]


def test_merge_changes_whose_it_is_and_since_when(fhir, clinic, patient, row):
    kept = make_patient(clinic, number="7")
    by = make_user(clinic, Role.SUPERVISOR)
    merge(kept=kept, gone=patient, by=by, at=AT + timedelta(days=3))
    for asked in (kept.id, patient.id):
        page = bundle(
            fhir, f"QuestionnaireResponse?patient={asked}&_lastUpdated=gt2026-03-06"
        )
        (entry,) = page["entry"]
        assert entry["resource"]["subject"]["reference"] == f"Patient/{kept.id}"
        assert entry["resource"]["meta"]["versionId"] == "2"
    changed = bundle(fhir, "Patient?_lastUpdated=gt2026-03-06")
    assert set(found(changed)) == {f"Patient/{kept.id}", f"Patient/{patient.id}"}


def test_what_comes_along_is_marked_and_comes_once(fhir, patient, row):
    response = f"QuestionnaireResponse/{row.id}"
    page = bundle(
        fhir,
        "QuestionnaireResponse?_include=QuestionnaireResponse:subject"
        "&_include=QuestionnaireResponse:questionnaire"
        "&_revinclude=Observation:derived-from&_revinclude=Provenance:target",
    )
    assert found(page) == [response]
    along = found(page, "include")
    assert f"Patient/{patient.id}" in along
    assert "Questionnaire/phq-9-2026.1" in along
    assert f"Provenance/{row.id}.response-1" in along
    assert len([one for one in along if one.startswith("Observation/")]) == 12
    assert len(along) == len(set(along)) == 12 + 3
    panel = bundle(
        fhir,
        "Observation?code=44249-1&_include=Observation:has-member"
        "&_include=Observation:derived-from",
    )
    assert len(found(panel, "include")) == 11 + 1


def test_what_comes_along_needs_its_own_scope(clinic, row):
    narrow = showing(make_token(clinic, ["system/Observation.rs"], "Narrow").secret)
    path = f"{BASE}/Observation?_include=Observation:patient"
    assert narrow.get(path).status_code == 403
    assert narrow.get(f"{BASE}/Observation").status_code == 200


def test_lenient_search_says_what_it_understood(fhir, row):
    page = bundle(
        fhir,
        "Observation?code=44261-6&colour=red&_sort=code&_include=Observation:focus",
        prefer="handling=lenient",
    )
    assert page["total"] == 1
    assert link(page, "self") == f"http://localhost{BASE}/Observation?code=44261-6"


def test_search_by_post_is_the_same_search(fhir, row):
    answer = fhir.post(
        f"{BASE}/Observation/_search",
        "code=44261-6",
        content_type="application/x-www-form-urlencoded",
    )
    assert json.loads(answer.content)["total"] == 1
    wrong = fhir.post(
        f"{BASE}/Observation/_search", "{}", content_type="application/json"
    )
    assert wrong.status_code == 415
    accept(json.loads(wrong.content))


def test_patients_by_number_and_birth_date(fhir, clinic, patient):
    patient.birth_date = "1985-03-14"
    patient.save()
    make_patient(clinic, number="13")
    for query, count in (
        ("identifier=urn:oid:1.2.3|12", 1),
        ("identifier=12", 1),
        ("identifier=urn:oid:9|12", 0),
        ("birthdate=1985-03-14", 1),
        ("birthdate=eq1985-03-15", 0),
    ):
        assert bundle(fhir, f"Patient?{query}")["total"] == count
    bundle(fhir, "Patient?birthdate=ge1985-01-01", status=400)
    bundle(fhir, "Patient?identifier=urn:oid:1.2.3|", status=400)


def test_search_is_on_record_for_every_patient_it_gave(fhir, clinic, patient, row):
    other = make_administration(clinic, PHQ_9)
    bundle(fhir, "Observation?code=44261-6")
    lines = AuditEvent.objects.filter(kind="RECORD_READ", object_type="patient")
    assert set(lines.values_list("object_id", flat=True)) == {
        str(patient.id),
        str(other.screening.patient_id),
    }
    bundle(fhir, "Observation?code=none")
    assert (
        AuditEvent.objects.filter(object_type="ApiClient", kind="RECORD_READ").count()
        == 1
    )


def test_a_full_page_takes_as_many_queries_as_a_small_one(fhir, clinic, row):
    put_right(row, NINE, 2)
    include = "QuestionnaireResponse:patient&_revinclude=Observation:derived-from"
    paths = [
        "Observation",
        f"QuestionnaireResponse?_include={include}&_revinclude=Provenance:target",
        "Patient",
        "Provenance",
        "Questionnaire",
    ]
    small = {path: queries(fhir, path) for path in paths for _ in (1, 2)}
    for number in range(2):
        patient = make_patient(clinic, number=f"n{number}")
        put_right(make_administration(clinic, PHQ_9, patient=patient), NINE, 2)
    assert {path: queries(fhir, path) for path in paths} == small
    assert small["Observation"] <= 13
