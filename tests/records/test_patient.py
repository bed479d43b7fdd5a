"""A patient's record as it leaves: states, and links between merged records."""

import json
from dataclasses import replace
from datetime import timedelta

from clinicians.actions.correcting import correct, details_of, seen
from clinicians.actions.merging import merge, unmerge
from clinicians.actions.records import set_state
from clinicians.workflow.records import RecordState
from core.models import AuditEvent, PatientIdentifier, Role
from tests.cast import make_user
from tests.records.conftest import AT, make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_administration, make_clinic, make_patient

BASE = "/fhir/R4"


def read(fhir, patient):
    response = fhir.get(f"{BASE}/Patient/{patient.id}")
    assert response.status_code == 200
    resource = json.loads(response.content)
    accept(resource)
    return resource


def test_a_record_in_use_says_who_it_is(fhir, clinic):
    patient = make_patient(clinic, number="12")
    patient.given_name, patient.birth_date = "Ana", "1985-03-14"
    patient.save()
    resource = read(fhir, patient)
    assert len(resource["meta"].pop("versionId")) == 16
    assert resource == {
        "resourceType": "Patient",
        "id": str(patient.id),
        "meta": {"lastUpdated": "2026-03-04T05:06:07.000Z"},
        "identifier": [{"system": "urn:oid:1.2.3", "value": "12"}],
        "active": True,
        "name": [{"family": "Doe", "given": ["Ana"]}],
        # US Core wants it; nobody is asked, and that is what this code says.
        "gender": "unknown",
        "birthDate": "1985-03-14",
    }
    line = AuditEvent.objects.get(kind="RECORD_READ")
    assert (line.object_type, line.object_id) == ("patient", str(patient.id))


def test_merged_records_name_one_another_until_they_are_parted(fhir, clinic):
    kept, gone = make_patient(clinic, number="1"), make_patient(clinic, number="2")
    row = make_administration(clinic, [1] * 9 + [0], patient=gone)
    by = make_user(clinic, Role.SUPERVISOR)
    merged = merge(kept=kept, gone=gone, by=by, at=AT)

    there = read(fhir, gone)
    assert there["active"] is False
    assert there["identifier"][0]["value"] == "2"
    assert there["link"] == [_link(kept, "replaced-by")]
    here = read(fhir, kept)
    assert here["active"] is True
    assert here["link"] == [_link(gone, "replaces")]
    answers = fhir.get(f"{BASE}/QuestionnaireResponse/{row.id}")
    subject = json.loads(answers.content)["subject"]
    assert subject["reference"] == f"Patient/{kept.id}"
    assert subject["identifier"]["value"] == "1"

    unmerge(row=merged, by=by, at=AT)
    assert "link" not in read(fhir, kept)
    assert read(fhir, gone)["active"] is True


def _link(patient, kind):
    reference = {"reference": f"Patient/{patient.id}", "type": "Patient"}
    return {"other": reference, "type": kind}


def test_a_death_is_said_with_its_day_where_it_is_known(fhir, clinic):
    by = make_user(clinic, Role.SUPERVISOR)
    for died_on, member in (
        (None, {"deceasedBoolean": True}),
        (AT.date(), {"deceasedDateTime": "2026-03-04"}),
    ):
        patient = make_patient(clinic)
        set_state(
            patient=patient,
            state=RecordState.DECEASED,
            reason="family",
            died_on=died_on,
            by=by,
            at=AT,
        )
        resource = read(fhir, patient)
        assert resource["active"] is False
        assert {k: v for k, v in resource.items() if k[:8] == "deceased"} == member


def test_other_clinics_and_scopes_are_refused(fhir, clinic):
    stranger = make_patient(make_clinic("South clinic"))
    assert fhir.get(f"{BASE}/Patient/{stranger.id}").status_code == 404
    assert fhir.get(f"{BASE}/Patient/nobody").status_code == 404
    narrow = showing(
        make_token(clinic, ["system/Observation.rs"], name="Narrow").secret
    )
    patient = make_patient(clinic)
    assert narrow.get(f"{BASE}/Patient/{patient.id}").status_code == 403


def test_a_correction_moves_the_time_of_the_last_change(fhir, clinic):
    patient = make_patient(clinic, number="12")
    patient.birth_date = "1985-03-14"
    patient.save()
    now = details_of(patient)
    correct(
        patient=patient,
        details=replace(now, birth_date="1985-03-15"),
        shown=seen(now),
        by=make_user(clinic, Role.SUPERVISOR),
        at=AT + timedelta(days=2),
    )
    resource = read(fhir, patient)
    assert resource["birthDate"] == "1985-03-15"
    assert resource["meta"]["lastUpdated"] > "2026-03-05"


def test_two_numbers_of_one_patient_find_that_one_once(fhir, clinic):
    patient = make_patient(clinic, number="12")
    PatientIdentifier.objects.create(
        clinic=clinic, patient=patient, system="urn:oid:9", value="99"
    )
    make_patient(clinic, number="13")
    for query in ("identifier=12,99", "identifier=12&identifier=99"):
        page = json.loads(fhir.get(f"{BASE}/Patient?{query}").content)
        found = [one["resource"]["id"] for one in page.get("entry", [])]
        assert found == [str(patient.id)], query
