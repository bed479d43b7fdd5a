"""Writes what the product says of every kind of result, for others to judge.

Run by path only (make conformance): its name keeps it out of the suite. Everything is
read through the served addresses, byte for byte as a client would have it.
"""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from clinicians.actions import claim, close, record_contact
from clinicians.models import Notice
from core.models import Role
from records.fhir.transaction import result_parts, transaction
from records.presenters import Naming, finished, patient_record, present
from screening import definitions
from screening.domain.rules import Tier
from screening.models import ModelCall
from tests.cast import make_episode, make_flag, make_user
from tests.records.conftest import AT
from tests.records.rows import make_administration, make_patient
from tests.records.test_amended import NINE, put_right
from tests.records.test_in_error import retract

BASE = "/fhir/R4"
LATER = AT + timedelta(hours=1)
SHIPPED = sorted(definitions.load_all())
CASES: dict[str, dict[str, Any]] = {
    "nothing": {"values": [0] * 9},
    "worst": {"values": [3] * 9 + [3]},
    "declined": {"values": [1, 1, "declined", 1, 1, 1, 1, 1, 0, 1]},
    "declined-nine": {"values": [1] * 8 + ["declined", 1]},
    "prorated": {"values": [1, 1, "declined", 1, 1, 1, 1, 1, 0], "prorate": True},
    "nine-alone": {"values": [0] * 8 + [1, 0]},
    "begun": {"values": [1, 2], "status": "IN_PROGRESS"},
    "stopped": {"values": [1, 2, 3], "status": "STOPPED"},
    "paper": {"values": [2] * 9 + [1], "origin": "STAFF"},
    "moved-in": {"values": [2] * 9 + [1], "origin": "IMPORTED"},
}


@pytest.fixture
def place() -> Path:
    """Where the files go."""
    folder = Path(os.environ["EMIT_TO"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def write(place, fhir):
    """write(name, address): keep the answer as it came."""

    def wrote(name: str, address: str, status: int = 200) -> dict[str, Any]:
        answer = fhir.get(f"{BASE}/{address}")
        assert answer.status_code == status, answer.content
        (place / f"{name}.json").write_bytes(answer.content)
        made: dict[str, Any] = json.loads(answer.content)
        return made

    return wrote


def write_result(write, name, row):
    """One administration and all that is served of it, one file for each resource."""
    write(f"{name}.response", f"QuestionnaireResponse/{row.id}")
    around = f"QuestionnaireResponse/{row.id}"
    found = write(f"{name}.observations", f"Observation?derived-from={around}")
    for entry in found.get("entry", []):
        key = entry["resource"]["id"].partition(".")[2]
        write(f"{name}.{key}", f"Observation/{entry['resource']['id']}")
    origins = write(f"{name}.origins", f"Provenance?target={around}")
    for number, entry in enumerate(origins.get("entry", [])):
        write(f"{name}.origin-{number}", f"Provenance/{entry['resource']['id']}")


def test_every_form_is_written(write, db):
    page = write("forms", "Questionnaire")
    for entry in page["entry"]:
        write(
            f"form.{entry['resource']['id']}",
            f"Questionnaire/{entry['resource']['id']}",
        )
    assert len(page["entry"]) == len({name for name, _ in SHIPPED})


@pytest.mark.parametrize(("instrument_id", "language"), SHIPPED)
def test_a_complete_result_of_every_instrument_is_written(
    write, clinic, instrument_id, language
):
    instrument = definitions.get(instrument_id, language)
    row = make_administration(
        clinic,
        [1 for _ in instrument.items],
        instrument_id=instrument_id,
        language=language,
    )
    write_result(write, f"{instrument_id}.{language}", row)


@pytest.mark.parametrize("case", CASES)
def test_every_odd_case_is_written(write, clinic, case):
    write_result(write, case, make_administration(clinic, **CASES[case]))


def test_an_amended_result_is_written_with_its_history(write, clinic):
    row = make_administration(clinic, [1] * 9 + [0])
    put_right(row, NINE, 2)
    write_result(write, "amended", row)
    write("amended.history", f"QuestionnaireResponse/{row.id}/_history")
    write("amended.first", f"QuestionnaireResponse/{row.id}/_history/1")


def test_a_result_entered_in_error_is_written_with_its_history(write, clinic):
    row = make_administration(clinic, [1] * 9 + [0])
    retract(row)
    write_result(write, "in-error", row)
    write("in-error.history", f"QuestionnaireResponse/{row.id}/_history")


def test_a_case_is_written_open_and_closed(write, clinic):
    patient = make_patient(clinic, number="12")
    patient.birth_date, patient.given_name = "1985-03-14", "Robin"
    patient.save()
    row = make_administration(clinic, [1] * 8 + [2], patient=patient)
    screening = row.screening
    screening.consented_at, screening.consent_version = AT, "2026.1"
    screening.ai_consent = True
    screening.save()
    case = make_episode(
        patient,
        tier=Tier.HIGH,
        opened_at=AT,
        due_at=LATER,
        last_flag_at=AT,
        next_notice_at=AT,
    )
    flag = make_flag(case, screening, administration=row)
    notices = _notices(case)
    _called(row)
    write_result(write, "case", row)
    write("case.patient", f"Patient/{patient.id}")
    write("case.consent", f"Consent/{screening.id}")
    write("case.task", f"Task/{case.id}")
    write("case.flag", f"Flag/{flag.id}")
    for name, notice in notices.items():
        write(f"case.communication-{name}", f"Communication/{notice.id}")
    _shut(case, make_user(clinic, Role.CLINICIAN))
    write("closed.task", f"Task/{case.id}")
    write("closed.flag", f"Flag/{flag.id}")
    logged = write("case.log", "AuditEvent")
    for number, entry in enumerate(logged["entry"][:12]):
        write(f"case.audit-{number}", f"AuditEvent/{entry['resource']['id']}")
    included = "Observation?_include=Observation:patient&_count=5"
    write("case.page", f"{included}&_revinclude=Provenance:target")


def _notices(case):
    def made(key, **fields):
        return Notice.objects.create(
            episode=case,
            round=0,
            step="team",
            recipient="team@clinic.example",
            key=key,
            created_at=AT,
            **fields,
        )

    return {
        "completed": made("1", sent_at=LATER),
        "not-done": made("2", failed_at=LATER),
        "stopped": made("3", stopped_at=LATER),
        "preparation": made("4", next_at=LATER),
    }


def _called(row):
    """A model worded something for this patient: its device is an agent."""
    ModelCall.objects.create(
        clinic=row.screening.clinic,
        screening=row.screening,
        instrument_id="phq-9",
        link_id=NINE,
        purpose="clarify",
        prompt_id="p",
        prompt_hash="h",
        latency_ms=1,
        outcome="shown",
        model="m1",
        at=AT,
    )


def _shut(case, by):
    claim(episode=case, by=by, at=LATER)
    record_contact(episode=case, outcome="spoke", text="", by=by, at=LATER)
    case.refresh_from_db()
    close(
        episode=case,
        seen_version=case.version,
        by=by,
        at=LATER,
        disposition="follow-up",
        note="Visit on Friday.",
    )


def test_a_push_is_written(place, clinic):
    patient = make_patient(clinic, number="12")
    row = make_administration(clinic, [1] * 9 + [1], patient=patient)
    found = finished(clinic, row.id)
    assert found is not None
    naming = Naming(base="https://clinic.example/fhir/R4")
    record = patient_record(clinic, patient.id, naming)
    assert record is not None
    bundle = transaction(result_parts(present(found, clinic, naming), record))
    (place / "push.json").write_text(json.dumps(bundle))


def test_what_the_server_says_of_itself_and_of_errors_is_written(write, fhir, db):
    write("statement", "metadata")
    write("error.not-found", "Patient/nobody", status=404)
    write("error.search", "Observation?colour=blue", status=400)
