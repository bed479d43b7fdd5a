"""What was entered in error says so to whoever reads it, with when, who and why."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from clinicians.actions.correcting import correct, details_of, seen
from clinicians.actions.patients import RECORD_NUMBER
from clinicians.actions.retracting import mark_in_error
from clinicians.models import ReviewEvent
from core.models import Role
from screening.domain.rules import Tier
from tests.cast import make_episode, make_flag, make_user
from tests.records.conftest import AT
from tests.records.rows import make_administration, make_patient
from tests.records.test_amended import NINE, put_right
from tests.records.test_casework import LATER, shut, stamp
from tests.records.test_history import read, versions
from tests.records.test_quality import table
from tests.records.test_search import bundle, found

ERROR = "entered-in-error"
DAY = AT + timedelta(days=3)


def retract(administration, reason="wrong-record", at=DAY):
    clinic = administration.screening.clinic
    by = make_user(clinic, Role.CLINICIAN)
    screening = administration.screening_id
    mark_in_error(screening_id=screening, reason=reason, note="", by=by, at=at)
    return by


def matches(fhir, path):
    return found(bundle(fhir, path))


@pytest.fixture
def row(clinic):
    patient = make_patient(clinic, number="12")
    return make_administration(clinic, [1] * 8 + [2], patient=patient)


@pytest.fixture
def case(row):
    times = dict.fromkeys(("opened_at", "last_flag_at"), AT)
    episode = make_episode(row.screening.patient, tier=Tier.HIGH, **times)
    make_flag(episode, row.screening, administration=row)
    return episode


@pytest.fixture
def wrong(row):
    """Amended, and then found to be of somebody else."""
    put_right(row, NINE, 1)
    return row


def test_response_and_observations_say_it_in_a_version_of_their_own(fhir, wrong):
    before = read(fhir, f"QuestionnaireResponse/{wrong.id}")
    item = read(fhir, f"Observation/{wrong.id}.1")
    retract(wrong)
    after = read(fhir, f"QuestionnaireResponse/{wrong.id}")
    assert (before["status"], after["status"]) == ("amended", ERROR)
    assert after["meta"]["versionId"] == "3"
    assert after["meta"]["lastUpdated"] == stamp(DAY)
    history = read(fhir, f"QuestionnaireResponse/{wrong.id}/_history")
    assert versions(history) == ["3", "2", "1"]
    assert history["entry"][1]["resource"] == before
    later = read(fhir, f"Observation/{wrong.id}.1/_history")
    assert versions(later) == ["2", "1"]
    assert later["entry"][1]["resource"] == item
    assert later["entry"][0]["resource"]["status"] == ERROR
    # What was answered is still told: nothing is taken out of it.
    assert after["item"] == before["item"]


def test_found_by_status_and_by_since(fhir, clinic, wrong):
    other = make_administration(clinic, [1] * 9)
    retract(wrong)
    for kind, count in (("QuestionnaireResponse", 1), ("Observation", 12)):
        assert len(matches(fhir, f"{kind}?status={ERROR}")) == count
        since = matches(fhir, f"{kind}?_lastUpdated=ge{stamp(DAY)}")
        assert len(since) == count
        assert all(str(wrong.id) in one for one in since)
    assert matches(fhir, "QuestionnaireResponse?status=amended") == []
    assert matches(fhir, "QuestionnaireResponse?status=completed") == [
        f"QuestionnaireResponse/{other.id}"
    ]
    assert all(
        str(other.id) in one for one in matches(fhir, "Observation?status=final")
    )


def test_provenance_says_who_when_and_why(fhir, wrong):
    by = retract(wrong)
    path = f"Provenance?target=QuestionnaireResponse/{wrong.id}"
    made = {
        one["resource"]["id"]: one["resource"] for one in bundle(fhir, path)["entry"]
    }
    said = made[f"{wrong.id}.retraction-1"]
    assert len(made) == 3
    assert said["activity"]["coding"][0]["code"] == "NULLIFY"
    assert said["recorded"] == stamp(DAY)
    assert said["reason"][0]["text"] == "Entered into the wrong patient's record"
    assert said["agent"][0]["who"]["identifier"]["value"] == str(by.id)
    assert len(said["target"]) == 13


def test_flag_stays_active_until_a_person_closed_its_case(fhir, clinic, case, row):
    retract(row, at=LATER)
    flag = bundle(fhir, "Flag")["entry"][0]["resource"]
    assert flag["status"] == "active"
    assert flag["meta"]["lastUpdated"] == stamp(LATER)
    case.refresh_from_db()
    shut(case, make_user(clinic, Role.CLINICIAN))
    assert bundle(fhir, f"Flag/{flag['id']}")["status"] == ERROR
    assert bundle(fhir, f"Task/{case.id}")["status"] == "completed"
    assert len(matches(fhir, f"Flag?_lastUpdated=ge{stamp(LATER)}")) == 1
    assert ReviewEvent.objects.filter(kind="RETRACTED").count() == 1


def test_unfinished_one_says_it_too(fhir, clinic):
    begun = make_administration(clinic, [1, 2], status="EXPIRED")
    screening = begun.screening
    screening.started_at = screening.closed_at = AT
    screening.save(update_fields=["started_at", "closed_at"])
    assert read(fhir, f"QuestionnaireResponse/{begun.id}")["status"] == "stopped"
    retract(begun)
    now = read(fhir, f"QuestionnaireResponse/{begun.id}")
    assert (now["status"], now["meta"]["versionId"]) == (ERROR, "s3")
    assert matches(fhir, "QuestionnaireResponse?status=stopped") == []


def test_consent_for_it_is_in_error_too(fhir, row):
    screening = row.screening
    screening.consented_at, screening.consent_version = AT, "1"
    screening.save(update_fields=["consented_at", "consent_version"])
    retract(row)
    assert bundle(fhir, f"Consent/{screening.id}")["status"] == ERROR
    assert matches(fhir, "Consent?status=active") == []
    assert len(matches(fhir, f"Consent?_lastUpdated=ge{stamp(DAY)}")) == 1
    assert len(matches(fhir, f"Consent?status={ERROR}")) == 1


def test_quality_measure_leaves_it_out(clinic, row):
    assert len(table(clinic)) == 1
    retract(row)
    assert table(clinic) == []


def renumber(patient, number, by, at):
    """The record number of a patient is put right."""
    now = details_of(patient)
    right = replace(now, record_number=number)
    correct(patient=patient, details=right, shown=seen(now), by=by, at=at)


def test_corrected_number_is_a_version_of_what_names_it(fhir, clinic):
    patient = make_patient(clinic, number="12", system=RECORD_NUMBER)
    made = make_administration(clinic, [1] * 9, patient=patient)
    by = make_user(clinic, Role.CLINICIAN)
    renumber(patient, "21", by, DAY)
    now = read(fhir, f"QuestionnaireResponse/{made.id}")
    assert now["subject"]["identifier"]["value"] == "21"
    assert now["meta"]["versionId"] == "2"
    assert now["meta"]["lastUpdated"] == stamp(DAY)
    for kind in ("QuestionnaireResponse", "Patient"):
        assert len(matches(fhir, f"{kind}?_lastUpdated=ge{stamp(DAY)}")) == 1
    assert read(fhir, f"Observation/{made.id}.total")["meta"]["versionId"] == "2"


def test_numbers_put_right_before_the_column_are_taken_over(clinic):
    patient = make_patient(clinic, number="12", system=RECORD_NUMBER)
    by = make_user(clinic, Role.CLINICIAN)
    renumber(patient, "21", by, DAY)
    now = details_of(patient)
    again = replace(now, phone="202-555-0100")
    correct(patient=patient, details=again, shown=seen(now), by=by, at=LATER)
    patient.identifiers.update(corrected_at=None)
    import_module("core.migrations.0009_retract_numbers").take_over(apps, None)
    assert patient.identifiers.get().corrected_at == DAY
