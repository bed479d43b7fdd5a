"""Bulk Data: an export is asked for, made page by page, gone on with, and cleared."""

import dataclasses
import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from core.models import AuditEvent
from records import definitions, tasks
from records.client import store
from records.models import Export
from records.outbox import exports
from records.presenters import exporting
from screening.actions import Correction, amend
from tests.cast import make_user
from tests.records.conftest import make_token, showing
from tests.records.rows import make_administration, make_clinic, make_patient

pytestmark = pytest.mark.django_db
ASYNC = {"HTTP_PREFER": "respond-async"}
BASE = "/fhir/R4"
PHQ9 = [1, 2, 0, 3, 1, 0, 0, 2, 0, 1]


@pytest.fixture(autouse=True)
def _here(settings, tmp_path, monkeypatch):
    settings.RECORDS_FOLDER = str(tmp_path)
    small = dataclasses.replace(definitions.delivery_policy(), export_page=2)
    for module in ("records.tasks.exporting", "records.outbox.exports"):
        monkeypatch.setattr(f"{module}.delivery_policy", lambda: small)


@pytest.fixture
def results(clinic):
    return [
        make_administration(clinic, PHQ9, patient=make_patient(clinic, number=str(n)))
        for n in range(5)
    ]


def kick_off(fhir, path="$export", query="", **more):
    response = fhir.get(f"{BASE}/{path}{query}", **{**ASYNC, **more})
    assert response.status_code == 202, response.content
    return response["Content-Location"].removeprefix("http://localhost")


def fetched(fhir, status):
    """The manifest, and by type the resources of its files."""
    response = fhir.get(status)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    manifest = response.json()
    found: dict[str, list] = {}
    for file in [*manifest["output"], *manifest["error"]]:
        answer = fhir.get(file["url"].removeprefix("http://localhost"))
        assert answer["Content-Type"] == "application/fhir+ndjson"
        lines = b"".join(answer.streaming_content).splitlines()
        assert len(lines) == file["count"]
        found.setdefault(file["type"], []).extend(json.loads(line) for line in lines)
    return manifest, found


def test_everything_is_exported_once(fhir, results, clinic):
    make_administration(make_clinic("South clinic"), PHQ9)
    status = kick_off(fhir)
    first = fhir.get(status)
    assert (first.status_code, first["Retry-After"]) == (202, "5")
    assert first["X-Progress"] == "begins soon"
    assert tasks.tick()
    manifest, found = fetched(fhir, status)
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "Patient": 5,
        "QuestionnaireResponse": 5,
        "Observation": 60,
    }
    ids = [one["id"] for one in found["Observation"]]
    assert len(set(ids)) == 60
    assert manifest["requiresAccessToken"] is True
    assert manifest["request"].endswith("/$export")
    assert fhir.get(status)["Expires"]
    kinds = set(AuditEvent.objects.values_list("kind", flat=True))
    assert {"EXPORT_ASKED", "EXPORT_DONE", "EXPORT_READ"} <= kinds
    for path in Path(store.folder_of(Export.objects.get().id)).iterdir():
        assert path.stat().st_mode & 0o077 == 0


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


def test_what_changed_meanwhile_is_not_lost_to_since(
    fhir, results, clinic, monkeypatch
):
    status = kick_off(fhir, query="?_type=QuestionnaireResponse,Observation")
    # While the export runs, an answer that it has passed already is put right.
    first = Export.objects.get()
    passed = exporting.page(first, exporting.RESULTS, after="", size=1)[0]
    keep = exports.keep

    def amending(**given):
        monkeypatch.setattr(exports, "keep", keep)
        correction = Correction(
            position=0, link_id="/44260-8", value=2, reason="Misread.", seen_version=1
        )
        amend(
            screening_id=passed.screening_id,
            correction=correction,
            by=make_user(clinic, "CLINICIAN"),
            at=timezone.now(),
        )
        return keep(**given)

    monkeypatch.setattr(exports, "keep", amending)
    tasks.tick()
    manifest, found = fetched(fhir, status)
    assert [one["status"] for one in found["QuestionnaireResponse"]] == [
        "completed"
    ] * 5
    since = manifest["transactionTime"]
    assert datetime.fromisoformat(since) < timezone.now() - timedelta(seconds=50)
    later = kick_off(fhir, query=f"?_since={since}")
    tasks.tick()
    _, found = fetched(fhir, later)
    (response,) = found["QuestionnaireResponse"]
    assert (response["id"], response["status"]) == (str(passed.id), "amended")
    # The panel, the total, and the answer itself.
    assert {one["status"] for one in found["Observation"]} == {"amended"}
    assert len(found["Observation"]) == 3


def test_worker_that_was_killed_is_gone_on_with(fhir, results, monkeypatch):
    status = kick_off(fhir, query="?_type=QuestionnaireResponse")
    keep, calls = exports.keep, []

    def dying(**given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return keep(**given)

    monkeypatch.setattr(exports, "keep", dying)
    with pytest.raises(KeyboardInterrupt):
        tasks.tick()
    monkeypatch.setattr(exports, "keep", keep)
    running = fhir.get(status)
    assert (running.status_code, running["X-Progress"]) == (202, "2 of 5 records")
    assert not tasks.tick()
    assert tasks.tick(lambda: timezone.now() + timedelta(minutes=3))
    manifest, found = fetched(fhir, status)
    assert len(manifest["output"]) == 2
    ids = [one["id"] for one in found["QuestionnaireResponse"]]
    assert sorted(ids) == sorted(str(one.id) for one in results)


def test_export_that_breaks_again_and_again_is_given_up(fhir, results, monkeypatch):
    status = kick_off(fhir)
    monkeypatch.setattr("records.tasks.exporting._write", None)
    for minute in range(8):
        tasks.tick(lambda m=minute: timezone.now() + timedelta(minutes=3 * m))
    response = fhir.get(status)
    assert response.status_code == 500
    assert response.json()["resourceType"] == "OperationOutcome"


def test_cancelled_export_is_not_there_any_more(fhir, results, monkeypatch):
    status = kick_off(fhir)
    keep = exports.keep

    def cancelled(**given):
        monkeypatch.setattr(exports, "keep", keep)
        assert fhir.delete(status).status_code == 202
        return keep(**given)

    monkeypatch.setattr(exports, "keep", cancelled)
    tasks.tick()
    row = Export.objects.get()
    assert (row.state, row.done) == ("CANCELLED", 0)
    for method in (fhir.get, fhir.delete):
        gone = method(status)
        assert gone.status_code == 404
        assert gone.json()["resourceType"] == "OperationOutcome"
    tasks.tick(lambda: timezone.now() + timedelta(minutes=5))
    assert not store.folder_of(row.id).exists()


def test_export_expires_with_its_files(fhir, results):
    status = kick_off(fhir)
    tasks.tick()
    row = Export.objects.get()
    assert store.folder_of(row.id).exists()
    tasks.tick(lambda: timezone.now() + timedelta(days=2))
    row.refresh_from_db()
    assert row.state == "EXPIRED"
    assert not store.folder_of(row.id).exists()
    assert fhir.get(status).status_code == 404


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
    assert set(fetched(only, status)[1]) == {"Observation"}


@pytest.mark.parametrize(
    ("path", "prefer", "status"),
    [
        ("$export", "", 400),
        ("$export?_type=Condition", "respond-async", 400),
        ("$export?_type=Condition,Patient", "respond-async, handling=lenient", 202),
        ("$export?_since=yesterday", "respond-async", 400),
        ("$export?_since=2026-03-04", "respond-async", 400),
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


def test_what_cannot_be_read_is_reported_beside_the_rest(fhir, results, monkeypatch):
    broken = results[2].id
    real = exporting.present

    def presenting(row, *rest):
        if row.id == broken:
            raise exporting.DefinitionError("snapshot", "checksum", "differs")
        return real(row, *rest)

    monkeypatch.setattr(exporting, "present", presenting)
    status = kick_off(fhir, query="?_type=QuestionnaireResponse")
    tasks.tick()
    manifest, found = fetched(fhir, status)
    assert len(found["QuestionnaireResponse"]) == 4
    assert [one["type"] for one in manifest["error"]] == ["OperationOutcome"]
    assert str(broken) in json.dumps(found["OperationOutcome"])
