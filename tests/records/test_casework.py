"""Reviews, flags, notices, consents, provenance and the log, as a client reads them."""

from datetime import timedelta
from typing import Any

import pytest

from clinicians.actions import claim, close, record_contact, reopen
from clinicians.actions.merging import merge
from clinicians.models import Notice
from core.models import Role
from screening.actions.entry import choose_ai_help, withdraw
from screening.domain.rules import Tier
from screening.models import Answer, Flag, ModelCall, Wording
from tests.cast import make_episode, make_flag, make_user
from tests.records.conftest import AT
from tests.records.rows import make_administration, make_patient
from tests.records.test_amended import NINE, put_right
from tests.records.test_search import bundle, found, queries

LATER = AT + timedelta(hours=1)
DONE: dict[str, Any] = {"disposition": "follow-up", "note": "Visit on Friday."}


def stamp(at):
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.fixture
def row(clinic):
    patient = make_patient(clinic, number="12")
    return make_administration(clinic, [1] * 8 + [2], patient=patient)


@pytest.fixture
def case(row):
    episode = make_episode(
        row.screening.patient,
        tier=Tier.HIGH,
        opened_at=AT,
        due_at=LATER,
        last_flag_at=AT,
        next_notice_at=AT,
    )
    make_flag(episode, row.screening, administration=row)
    return episode


def shut(case, by):
    claim(episode=case, by=by, at=LATER)
    record_contact(episode=case, outcome="spoke", text="", by=by, at=LATER)
    case.refresh_from_db()
    close(episode=case, seen_version=case.version, by=by, at=LATER, **DONE)


def test_review_is_a_task_until_somebody_ended_it(fhir, clinic, case, row):
    task = bundle(fhir, f"Task/{case.id}")
    assert (task["status"], task["intent"], task["priority"]) == (
        "requested",
        "order",
        "routine",
    )
    assert task["focus"]["reference"] == f"QuestionnaireResponse/{row.id}"
    assert task["for"]["identifier"]["value"] == "12"
    assert task["restriction"]["period"] == {"end": stamp(LATER)}
    assert task["lastModified"] == stamp(AT)
    assert "owner" not in task
    alice = make_user(clinic, Role.CLINICIAN)
    shut(case, alice)
    done = bundle(fhir, f"Task/{case.id}")
    assert done["status"] == "completed"
    assert done["owner"]["identifier"]["value"] == str(alice.id)
    assert done["executionPeriod"] == {"start": stamp(LATER), "end": stamp(LATER)}
    assert done["statusReason"]["text"].startswith("Spoke with the patient")
    assert done["meta"]["lastUpdated"] == stamp(LATER)
    assert done["meta"]["versionId"] != task["meta"]["versionId"]
    assert "Friday" not in str(done)
    assert found(bundle(fhir, "Task?status=completed")) == [f"Task/{case.id}"]
    assert bundle(fhir, "Task?status=requested")["total"] == 0
    assert bundle(fhir, f"Task?_lastUpdated=gt{stamp(AT)}")["total"] == 1
    assert bundle(fhir, f"Task?_lastUpdated=gt{stamp(LATER)}")["total"] == 0
    along = bundle(fhir, "Task?_include=Task:focus&_include=Task:patient")
    assert len(found(along, "include")) == 2


def test_flag_is_active_as_long_as_its_case_is_open(fhir, clinic, case):
    flag = Flag.objects.get()
    first = bundle(fhir, f"Flag/{flag.id}")
    assert first["status"] == "active"
    assert first["category"][0]["coding"][0]["code"] == "safety"
    assert first["code"]["text"] == "Thoughts of death or self-harm"
    assert first["author"]["display"] == "Rule of the program"
    assert first["period"] == {"start": stamp(AT)}
    # What was answered is in the response; words of a patient leave with neither.
    assert "Several days" not in str(first)
    shut(case, make_user(clinic, Role.CLINICIAN))
    over = bundle(fhir, f"Flag/{flag.id}")
    assert (over["status"], over["period"]["end"]) == ("inactive", stamp(LATER))
    assert over["meta"]["lastUpdated"] == stamp(LATER)
    assert bundle(fhir, f"Flag?_lastUpdated=gt{stamp(AT)}")["total"] == 1
    case.refresh_from_db()
    again = LATER + timedelta(days=1)
    supervisor = make_user(clinic, Role.SUPERVISOR)
    reopen(episode=case, reason="New call.", by=supervisor, at=again)
    back = bundle(fhir, f"Flag/{flag.id}")
    assert (back["status"], back["meta"]["lastUpdated"]) == ("active", stamp(again))


def test_concern_of_a_model_says_that_it_is_one(fhir, case, row):
    flag = make_flag(case, row.screening, source="MODEL", rule="concern")
    assert bundle(fhir, f"Flag/{flag.id}")["author"]["display"] == "Language model"


def test_notice_is_a_communication_without_an_address(fhir, case):
    def notice(key, **fields):
        return Notice.objects.create(
            episode=case,
            round=0,
            step="team",
            recipient="team@clinic.example",
            key=key,
            created_at=AT,
            **fields,
        )

    rows = {
        "completed": notice("1", sent_at=LATER),
        "not-done": notice("2", failed_at=LATER, last_error="No such mailbox."),
        "stopped": notice("3", stopped_at=LATER),
        "preparation": notice("4", next_at=LATER),
    }
    for status, one in rows.items():
        made = bundle(fhir, f"Communication/{one.id}")
        assert made["status"] == status
        assert made["about"][0]["reference"] == f"Task/{case.id}"
        assert "example" not in str(made)
        assert "mailbox" not in str(made)
        by_status = bundle(fhir, f"Communication?status={status}")
        assert found(by_status) == [f"Communication/{one.id}"]
    assert bundle(fhir, f"Communication?_lastUpdated=gt{stamp(AT)}")["total"] == 3


def test_consent_says_what_a_model_may_and_since_when(fhir, clinic):
    clinic.ai_enabled = True
    clinic.save()
    screening = make_administration(clinic, [1], status="IN_PROGRESS").screening
    assert bundle(fhir, "Consent")["total"] == 0
    screening.consented_at, screening.consent_version = AT, "2026.1"
    screening.ai_consent = True
    screening.save()
    first = bundle(fhir, f"Consent/{screening.id}")
    assert first["status"] == "active"
    assert first["provision"]["provision"][0]["type"] == "permit"
    assert first["policyRule"]["text"].endswith("2026.1")
    choose_ai_help(screening=screening, wanted=False, at=LATER)
    then = bundle(fhir, f"Consent/{screening.id}")
    assert then["provision"]["provision"][0]["type"] == "deny"
    assert then["meta"]["lastUpdated"] == stamp(LATER)
    assert bundle(fhir, f"Consent?_lastUpdated=ge{stamp(LATER)}")["total"] == 1
    withdraw(screening=screening, at=LATER)
    assert bundle(fhir, "Consent?status=inactive")["total"] == 1
    assert bundle(fhir, "QuestionnaireResponse?status=stopped")["total"] == 1


def test_provenance_names_the_patient_and_what_computed(fhir, row):
    said = bundle(fhir, f"Provenance/{row.id}.response-1")
    assert said["target"][0]["reference"] == f"QuestionnaireResponse/{row.id}"
    assert [one["who"]["type"] for one in said["agent"]] == ["Patient"]
    computed = bundle(fhir, f"Provenance/{row.id}.results-1")
    assert computed["entity"][0]["role"] == "source"
    assert len(computed["target"]) == 12
    assert computed["agent"][0]["who"] == {"reference": "#software"}
    assert computed["contained"][0]["resourceType"] == "Device"
    pointed = bundle(fhir, f"Provenance?target=Observation/{row.id}.total")
    assert found(pointed) == [f"Provenance/{row.id}.results-1"]


def called(row, outcome, model):
    return ModelCall.objects.create(
        clinic=row.screening.clinic,
        screening=row.screening,
        instrument_id="phq-9",
        link_id=NINE,
        purpose="clarify",
        prompt_id="p",
        prompt_hash="h",
        latency_ms=1,
        outcome=outcome,
        model=model,
        at=AT,
    )


def shown(row, model):
    """An answer beneath which a text of the library stood, which a model wrote."""
    text = Wording.objects.create(
        clinic=row.screening.clinic,
        key="en/mood/plain",
        concept="mood",
        language="en",
        version=1,
        text="Words.",
        checksum="c" * 64,
        origin="GENERATED",
        model=model,
        proposed_at=AT,
    )
    Answer.objects.create(
        screening=row.screening,
        administration=row,
        seq=99,
        link_id="/44255-8",
        value=1,
        origin="TAPPED",
        shown={"wordings": ["x"], "texts": {f"{text.key}@{text.mark}": "Words."}},
        at=AT,
    )


def test_model_that_worded_or_read_something_is_a_device(fhir, row):
    called(row, "shown", "m1")
    called(row, "proposed", "m1")
    # What the checks kept back has reached nobody.
    called(row, "gated_out", "m2")
    shown(row, "m3")
    said = bundle(fhir, f"Provenance/{row.id}.response-1")
    devices = {one["id"]: one["deviceName"][0]["name"] for one in said["contained"]}
    agents = [
        (devices[one["who"]["reference"][1:]], one["role"][0]["coding"][0]["code"])
        for one in said["agent"][1:]
    ]
    assert sorted(agents) == [
        ("m1", "model-proposed"),
        ("m1", "model-worded"),
        ("m3", "model-paraphrased"),
    ]


def test_amendment_and_paper_name_the_member_of_staff(fhir, clinic, row):
    put_right(row, NINE, 0)
    second = bundle(fhir, f"Provenance/{row.id}.response-2")
    assert second["activity"]["coding"][0]["code"] == "UPDATE"
    assert second["agent"][0]["who"]["type"] == "Practitioner"
    first = bundle(fhir, f"Provenance/{row.id}.response-1")
    assert first["agent"][0]["who"]["type"] == "Patient"
    late = stamp(AT + timedelta(days=1))
    assert set(found(bundle(fhir, f"Provenance?recorded=gt{late}"))) == {
        f"Provenance/{row.id}.response-2",
        f"Provenance/{row.id}.results-2",
    }
    paper = make_administration(clinic, [1] * 9, origin="STAFF")
    paper.screening.created_by_id = "17"
    paper.screening.save()
    entered = bundle(fhir, f"Provenance/{paper.id}.response-1")
    assert entered["agent"][0]["who"]["identifier"]["value"] == "17"
    moved_in = make_administration(clinic, [1] * 9, origin="IMPORTED")
    unknown = bundle(fhir, f"Provenance/{moved_in.id}.response-1")
    assert unknown["agent"][0]["who"]["type"] == "Organization"


def test_log_tells_who_read_what_and_what_was_refused(fhir, clinic, token, row):
    bundle(fhir, f"Patient/{row.screening.patient_id}")
    lines = bundle(fhir, f"AuditEvent?patient={row.screening.patient_id}")["entry"]
    (line,) = (one["resource"] for one in lines)
    assert (line["action"], line["outcome"]) == ("R", "0")
    assert line["agent"][0]["who"]["identifier"]["value"] == str(token.client_id)
    assert line["agent"][0]["name"] == "Lab system"
    assert line["entity"][0]["what"]["reference"].startswith("Patient/")
    bundle(fhir, f"AuditEvent/{line['id']}")
    merge(
        kept=make_patient(clinic),
        gone=row.screening.patient,
        by=make_user(clinic, Role.SUPERVISOR),
        at=LATER,
    )
    assert bundle(fhir, "AuditEvent")["total"] > 2


def test_as_many_queries_however_many_there_are(fhir, clinic, case, row):
    row.screening.consented_at = AT
    row.screening.save()
    paths = ("Task", "Flag", "Consent", "Communication")
    small = {path: queries(fhir, path) for path in paths for _ in (1, 2)}
    for number in range(3):
        patient = make_patient(clinic, number=f"n{number}")
        other = make_administration(clinic, [1] * 9, patient=patient)
        other.screening.consented_at = AT
        other.screening.save()
        make_flag(make_episode(patient), other.screening, administration=other)
    grown = {path: queries(fhir, path) for path in paths}
    small.pop("Communication")
    assert {path: grown[path] for path in small} == small
    assert max(grown.values()) <= 13
