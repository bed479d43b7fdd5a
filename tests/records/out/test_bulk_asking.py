"""What may be asked of an export, by whom, and who gets its files."""

import gzip
import json

import pytest

from records import tasks
from records.fhir.bulk import read_asked
from records.models import ApiClient
from records.outbox import exports
from tests.records.conftest import make_token, showing
from tests.records.out.exporting import ASYNC, BASE, fetched, kick_off
from tests.records.rows import make_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_pages")]


def test_post_names_patients_and_types(fhir, results):
    patient = results[0].screening.patient_id
    parameters = [
        {"name": "_type", "valueString": "Patient,QuestionnaireResponse"},
        {"name": "patient", "valueReference": {"reference": f"Patient/{patient}"}},
        {"name": "_outputFormat", "valueString": "ndjson"},
    ]
    response = fhir.post(
        f"{BASE}/Patient/$export",
        data=json.dumps({"resourceType": "Parameters", "parameter": parameters}),
        content_type="application/fhir+json",
        **ASYNC,
    )
    assert response.status_code == 202
    tasks.tick()
    _, found = fetched(
        fhir, response["Content-Location"].removeprefix("http://localhost")
    )
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "Patient": 1,
        "QuestionnaireResponse": 1,
    }


def test_nobody_else_sees_it(fhir, results, clinic):
    status = kick_off(fhir)
    tasks.tick()
    file = fhir.get(status).json()["output"][0]["url"].removeprefix("http://localhost")
    for stranger in (
        showing(make_token(clinic, name="Beside").secret),
        showing(make_token(make_clinic("South clinic")).secret),
    ):
        assert stranger.get(status).status_code == 404
        assert stranger.get(file).status_code == 404
        assert stranger.delete(status).status_code == 404
    assert showing("nothing").get(file).status_code == 401


def test_scopes_are_held(clinic, results):
    only = showing(make_token(clinic, scopes=["system/Observation.rs"]).secret)
    refused = only.get(f"{BASE}/$export?_type=Patient", **ASYNC)
    assert refused.status_code == 403
    assert "system/Patient.rs" in refused.content.decode()
    reads = showing(make_token(clinic, scopes=["system/Patient.r"], name="R").secret)
    assert reads.get(f"{BASE}/$export", **ASYNC).status_code == 403
    status = kick_off(only)
    tasks.tick()
    manifest, found = fetched(only, status)
    assert set(found) == {"Observation"}
    # What the client may do is made less meanwhile: its files close, too.
    ApiClient.objects.filter(name="Lab system").update(scopes=["system/Patient.rs"])
    file = manifest["output"][0]["url"].removeprefix("http://localhost")
    assert only.get(file).status_code == 403


@pytest.mark.parametrize(
    ("path", "prefer", "status"),
    [
        ("$export", "", 400),
        ("$export?_type=Condition", "respond-async", 400),
        ("$export?_type=Condition,Patient", "respond-async, handling=lenient", 202),
        ("$export?_since=yesterday", "respond-async", 400),
        ("$export?_since=2026-03-04", "respond-async", 400),
        ("$export?_since=0001-01-01T00:00:00%2B14:00", "respond-async", 400),
        ("$export?_since=9999-12-31T23:59:59-14:00", "respond-async", 400),
        ("$export?_since=2026-03-04T05:06:07%2B01:00", "respond-async", 202),
        ("$export?_outputFormat=csv", "respond-async", 400),
        ("$export?_outputFormat=application/fhir+ndjson", "respond-async", 202),
        ("$export?_outputFormat=application/ndjson", "respond-async", 202),
        ("$export?_elements=id", "respond-async", 400),
        ("$export?_typeFilter=Patient%3Factive=true", "respond-async", 400),
        ("%24export?_typeFilter=Observation%3Fcategory%3Dsurvey", "respond-async", 202),
        ("Group/nobody/$export", "respond-async", 404),
    ],
)
def test_what_is_asked_is_read_strictly(fhir, clinic, path, prefer, status):
    response = fhir.get(f"{BASE}/{path}", HTTP_PREFER=prefer)
    assert response.status_code == status
    if status != 202:
        assert response.json()["resourceType"] == "OperationOutcome"


def test_group_is_the_clinic_and_a_filter_may_leave_nothing(fhir, results, clinic):
    query = "?_type=Patient,Observation&_typeFilter=Observation%3Fcategory=laboratory"
    status = kick_off(fhir, f"Group/{clinic.id}/$export", query)
    tasks.tick()
    assert set(fetched(fhir, status)[1]) == {"Patient"}


def test_one_client_has_only_so_many_under_way(fhir, clinic):
    for _ in range(exports.MOST_OPEN):
        kick_off(fhir)
    full = fhir.get(f"{BASE}/$export", **ASYNC)
    assert (full.status_code, full["Retry-After"]) == (429, "60")


def test_body_that_is_no_parameters_is_refused(fhir, clinic):
    for body in (
        "no",
        '{"resourceType": "Bundle"}',
        '{"resourceType":"Parameters","parameter":[{"name":"_type"}]}',
        '{"resourceType":"Parameters","parameter":5}',
        "[" * 50_000,
    ):
        response = fhir.post(
            f"{BASE}/$export", data=body, content_type="application/fhir+json", **ASYNC
        )
        assert response.status_code == 400


def test_file_is_sent_small_to_whoever_unpacks(fhir, results):
    status = kick_off(fhir, query="?_type=Patient")
    tasks.tick()
    url = fhir.get(status).json()["output"][0]["url"].removeprefix("http://localhost")
    answer = fhir.get(url, HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip"
    lines = gzip.decompress(b"".join(answer.streaming_content)).splitlines()
    assert len(lines) == 5


def test_statement_names_the_operations(fhir):
    statement = fhir.get(f"{BASE}/metadata").json()
    levels = [one["definition"] for one in statement["rest"][0]["operation"]]
    assert [one.rpartition("/")[2] for one in levels] == [
        "export",
        "patient-export",
        "group-export",
    ]


def test_since_is_cut_as_our_own_times_are():
    """What changed at .1236 says .123, and is new to whoever asks for .1235."""
    asked = read_asked({"_since": ["2026-03-04T05:06:07.123500Z"]}, lenient=False)
    assert asked.since is not None
    assert asked.since.isoformat() == "2026-03-04T05:06:07.123000+00:00"
