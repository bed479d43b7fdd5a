"""Versions: what was true before can be read again, and who has it is told so."""

import json
from datetime import timedelta

import pytest

from clinicians.actions.merging import merge, unmerge
from core.models import Role
from tests.cast import make_user
from tests.records.conftest import AT
from tests.records.fhir.judge import accept
from tests.records.rows import make_administration, make_patient
from tests.records.test_amended import NINE, put_right

BASE = "/fhir/R4"


def read(fhir, path, status=200, **headers):
    response = fhir.get(f"{BASE}/{path}", headers=headers)
    assert response.status_code == status
    if response.content:
        found = json.loads(response.content)
        accept(found)
        return found
    return response


def versions(history):
    return [one["resource"]["meta"]["versionId"] for one in history["entry"]]


@pytest.fixture
def row(clinic):
    return make_administration(
        clinic, [1] * 9 + [0], patient=make_patient(clinic, number="12")
    )


def test_amended_response_and_its_older_version_are_both_there(fhir, row):
    before = read(fhir, f"QuestionnaireResponse/{row.id}")
    put_right(row, NINE, 2)
    after = read(fhir, f"QuestionnaireResponse/{row.id}")
    history = read(fhir, f"QuestionnaireResponse/{row.id}/_history")
    assert [one["resource"] for one in history["entry"]] == [after, before]
    assert [one["response"]["status"] for one in history["entry"]] == [
        "200 OK",
        "201 Created",
    ]
    assert read(fhir, f"QuestionnaireResponse/{row.id}/_history/1") == before
    read(fhir, f"QuestionnaireResponse/{row.id}/_history/3", status=404)


def test_each_observation_has_the_versions_that_were_its_own(fhir, row):
    kept = {k: read(fhir, f"Observation/{row.id}.{k}") for k in ("1", "9", "total")}
    put_right(row, NINE, 2)
    put_right(row, NINE, 3, seen=2)
    for key, ids in (("1", ["1"]), ("9", ["3", "2", "1"]), ("total", ["3", "2", "1"])):
        history = read(fhir, f"Observation/{row.id}.{key}/_history")
        assert versions(history) == ids
        assert history["entry"][-1]["resource"] == kept[key]
    second = read(fhir, f"Observation/{row.id}.total/_history/2")
    assert second["valueQuantity"]["value"] == 10
    assert second["status"] == "amended"


def test_merge_is_a_version_and_the_one_before_names_who_it_was(fhir, clinic, row):
    before = read(fhir, f"Observation/{row.id}.total")
    by, kept = make_user(clinic, Role.SUPERVISOR), make_patient(clinic, number="7")
    merged = merge(
        kept=kept, gone=row.screening.patient, by=by, at=AT + timedelta(days=1)
    )
    put_right(row, NINE, 2)
    unmerge(row=merged, by=by, at=AT + timedelta(days=9))
    history = read(fhir, f"Observation/{row.id}.total/_history")
    assert versions(history) == ["4", "3", "2", "1"]
    assert history["entry"][-1]["resource"] == before
    subjects = [one["resource"]["subject"]["reference"] for one in history["entry"]]
    own, other = f"Patient/{row.screening.patient_id}", f"Patient/{kept.id}"
    assert subjects == [own, other, other, own]
    # The answer to another item was only moved.
    first = read(fhir, f"Observation/{row.id}.1/_history")
    assert versions(first) == ["3", "2", "1"]
    assert {one["resource"]["status"] for one in first["entry"]} == {"final"}


def test_whoever_has_the_newest_version_is_told_so(fhir, row):
    for path in (
        f"QuestionnaireResponse/{row.id}",
        f"Observation/{row.id}.total",
        f"Patient/{row.screening.patient_id}",
        "Questionnaire/phq-9-2026.1",
    ):
        first = fhir.get(f"{BASE}/{path}")
        tag = first["ETag"]
        again = read(fhir, path, status=304, if_none_match=f'"other", {tag}')
        assert again["ETag"] == tag
        assert again.content == b""
        read(fhir, path, if_none_match='W/"other"')
        read(fhir, path, status=304, if_modified_since=first["Last-Modified"])
        read(fhir, path, if_modified_since="Wed, 01 Jan 2020 00:00:00 GMT")
    put_right(row, NINE, 2)
    read(fhir, f"QuestionnaireResponse/{row.id}", if_none_match='W/"1"')


def test_history_of_what_is_not_ours_or_has_none(fhir, row):
    read(fhir, "QuestionnaireResponse/nothing/_history", status=404)
    read(fhir, f"Observation/{row.id}.none/_history", status=404)
    read(fhir, f"Patient/{row.screening.patient_id}/_history", status=404)
