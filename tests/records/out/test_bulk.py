"""Bulk Data: an export is made page by page, gone on with, and cleared."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from core.models import AuditEvent, Role
from records import tasks
from records.client import store
from records.models import Export
from records.outbox import exports
from records.presenters import TextChanged, exporting, read_sheets
from records.presenters.forms import forms
from records.presenters.leaving import our_names
from screening.actions import Correction, amend
from tests.cast import make_user
from tests.records.out.exporting import PHQ9, fetched, kick_off
from tests.records.rows import make_administration, make_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_pages")]


def later(**how):
    """A clock that goes so much before the others."""
    return lambda: timezone.now() + timedelta(**how)


def folder():
    """Where the files of the only export are."""
    return Path(storages["exports"].path(str(Export.objects.get().id)))


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
        "Provenance": 10,
        "AuditEvent": 3,
        "Questionnaire": len(forms(our_names())),
    }
    ids = [one["id"] for one in found["Observation"]]
    assert len(set(ids)) == 60
    assert manifest["requiresAccessToken"] is True
    assert manifest["request"].endswith("/$export")
    assert fhir.get(status)["Expires"]
    kinds = set(AuditEvent.objects.values_list("kind", flat=True))
    assert {"EXPORT_ASKED", "EXPORT_DONE", "EXPORT_READ"} <= kinds
    for path in (folder(), *folder().iterdir()):
        assert path.stat().st_mode & 0o077 == 0


def test_what_changed_meanwhile_is_not_lost_to_since(
    fhir, results, clinic, monkeypatch
):
    status = kick_off(fhir, query="?_type=QuestionnaireResponse,Observation")
    # While the export runs, an answer that it has passed already is put right.
    first = Export.objects.get()
    passed = exporting.page(first, "results", after="", size=1)[0]
    keep = exports.keep

    def amending(**given):
        monkeypatch.setattr(exports, "keep", keep)
        correction = Correction(
            position=0, link_id="/44260-8", value=2, reason="Misread.", seen_version=1
        )
        amend(
            screening_id=passed.screening_id,
            correction=correction,
            by=make_user(clinic, Role.CLINICIAN),
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
    query = f"?_since={since}&_type=QuestionnaireResponse,Observation"
    later = kick_off(fhir, query=query)
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
    # Stored, but not counted: the worker had not said so yet.
    assert len(list(folder().iterdir())) == 2
    assert not tasks.tick()
    assert tasks.tick(later(minutes=3))
    manifest, found = fetched(fhir, status)
    assert len(manifest["output"]) == 2
    ids = [one["id"] for one in found["QuestionnaireResponse"]]
    assert sorted(ids) == sorted(str(one.id) for one in results)


def test_export_that_breaks_again_and_again_is_given_up(fhir, results, monkeypatch):
    status = kick_off(fhir)
    monkeypatch.setattr("records.client.store.Writer.add", None)
    for minute in range(8):
        tasks.tick(later(minutes=3 * minute))
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
    tasks.tick(later(minutes=5))
    assert not folder().exists()


def test_export_expires_with_its_files(fhir, results):
    status = kick_off(fhir)
    tasks.tick()
    row = Export.objects.get()
    assert folder().exists()
    tasks.tick(later(days=2))
    row.refresh_from_db()
    assert row.state == "EXPIRED"
    assert not folder().exists()
    assert fhir.get(status).status_code == 404


def test_what_cannot_be_read_is_reported_beside_the_rest(fhir, results, monkeypatch):
    broken = results[2].id
    real = read_sheets

    def reading(clinic, rows, naming):
        if any(row.id == broken for row in rows):
            raise TextChanged(broken, "PHQ-9")
        return real(clinic, rows, naming)

    monkeypatch.setattr("records.presenters.exported.read_sheets", reading)
    status = kick_off(fhir, query="?_type=QuestionnaireResponse")
    tasks.tick()
    manifest, found = fetched(fhir, status)
    assert len(found["QuestionnaireResponse"]) == 4
    assert [one["type"] for one in manifest["error"]] == ["OperationOutcome"]
    assert str(broken) in json.dumps(found["OperationOutcome"])


def test_small_pages_are_one_piece_and_it_is_on_the_disk(fhir, results, monkeypatch):
    """What a power cut could take must not have been counted: file, name and folder."""
    monkeypatch.setattr(store, "PIECE", 1_000_000)
    synced: set[int] = set()
    counted, keep = [], exports.keep

    def noting(**given):
        counted.append(len(synced))
        return keep(**given)

    monkeypatch.setattr(os, "fsync", lambda handle: synced.add(os.fstat(handle).st_ino))
    monkeypatch.setattr(exports, "keep", noting)
    kick_off(fhir, query="?_type=QuestionnaireResponse,Observation")
    tasks.tick()
    pieces = sorted(folder().iterdir())
    assert [one.name for one in pieces] == [
        "Observation-1-000000000000.ndjson",
        "QuestionnaireResponse-1-000000000000.ndjson",
    ]
    above = [folder(), folder().parent, folder().parent.parent]
    assert synced >= {path.stat().st_ino for path in (*pieces, *above)}
    assert counted == [len(synced)]


def test_slow_storage_does_not_lose_it_to_another_worker(fhir, results, monkeypatch):
    """Two files at once, each of which takes most of the time that a worker has."""
    status = kick_off(fhir, query="?_type=QuestionnaireResponse,Observation")
    place: Any = storages["exports"]
    save, others = place._save, list[Export | None]()

    def clock():
        return timezone.now() + timedelta(seconds=100 * len(others))

    def slowly(name, content):
        others.append(None)
        others[-1] = exports.claim_export(at=clock())
        return save(name, content)

    monkeypatch.setattr(place, "_save", slowly)
    assert tasks.tick(clock)
    assert others == [None] * 6
    assert len(fetched(fhir, status)[1]["QuestionnaireResponse"]) == 5
