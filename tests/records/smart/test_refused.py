"""Answers from elsewhere that are not taken: every reason, and what is said of danger."""

import json
from datetime import UTC, datetime

import pytest

from core.models import AuditEvent, Patient
from screening.definitions import get
from screening.models import Definition, Flag, Screening
from tests.cast import make_patient
from tests.records.fhir.judge import accept
from tests.records.rows import make_clinic
from tests.records.smart.sent import RESPONSES, URL, response, send, told

pytestmark = pytest.mark.django_db
MILD = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
DANGER = [0] * 8 + [1, 0]
NOTHING = [0] * 9


def refused(answer, status=422):
    assert answer.status_code == status, answer.content
    accept(json.loads(answer.content))
    assert not Screening.objects.exists()
    assert not Flag.objects.exists()
    return told(answer)


def first(sent):
    return sent["item"][0]["answer"][0]


def _code(sent):
    first(sent)["valueCoding"]["code"] = "LA9999-9"


def _system(sent):
    first(sent)["valueCoding"]["system"] = "http://example.org"


def _weight(sent):
    coding = first(sent)["valueCoding"]
    url = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
    coding["extension"] = [{"url": url, "valueDecimal": 3}]


def _answered(value):
    def change(sent):
        sent["item"][0]["answer"] = value

    return change


def _set(name, value):
    def change(sent):
        sent[name] = value

    return change


def _link(sent):
    sent["item"][0]["linkId"] = "/1234-5"


def _twice(sent):
    sent["item"].append(sent["item"][0])


BROKEN = {
    "an option that is not offered": (_code, "not one of the answers"),
    "the code of another system": (_system, "not one of the answers"),
    "a weight that is not the code's": (_weight, "weighs 1"),
    "a number that is not offered": (_answered([{"valueInteger": 4}]), "0, 1, 2, 3"),
    "half a number": (_answered([{"valueDecimal": 0.5}]), "not 0.5"),
    "a truth value": (_answered([{"valueInteger": True}]), "takes one"),
    "a text": (_answered([{"valueString": "1"}]), "takes one"),
    "no value": (_answered([{}]), "takes one"),
    "two values": (_answered([{"valueInteger": 1, "valueDecimal": 1}]), "takes one"),
    "two answers": (_answered([{"valueInteger": 1}] * 2), "takes one answer"),
    "no list": (_answered({"valueInteger": 1}), "takes one answer"),
    "an item that is not there": (_link, "has no item /1234-5"),
    "an item twice": (_twice, "is there twice"),
    "an item left out": (lambda sent: sent["item"].pop(3), "/44254-1 has no answer"),
    "nothing answered": (_set("item", []), "has no answer"),
    "no items": (_set("item", {"linkId": "1"}), "list of items"),
    "not an item": (_set("item", ["1"]), "needs its linkId"),
    "another type": (_set("resourceType", "Observation"), "QuestionnaireResponse"),
    "unfinished": (_set("status", "in-progress"), "once it is completed"),
    "a correction": (_set("status", "amended"), "the clinic's staff"),
    "no version": (_set("questionnaire", f"{URL}/phq-9"), "url|version"),
    "an unknown form": (_set("questionnaire", f"{URL}/cage|1"), "is not known"),
    "an unknown version": (
        _set("questionnaire", f"{URL}/phq-9|1999.1"),
        "Version 1999.1 of PHQ-9 is not known here; in use is 2026.1",
    ),
    "a language without a text": (_set("language", "fr"), "official here in"),
    "a day": (_set("authored", "2026-03-04"), "with its zone"),
    "no zone": (_set("authored", "2026-03-04T05:06:07"), "with its zone"),
    "before the calendar": (
        _set("authored", "0001-01-01T00:00:00+14:00"),
        "with its zone",
    ),
    "after the calendar": (
        _set("authored", "9999-12-31T23:59:59-14:00"),
        "with its zone",
    ),
    "another age": (_set("authored", "1899-12-31T23:59:59Z"), "before the year 1900"),
    "the future": (_set("authored", "2126-03-04T05:06:07Z"), "from the future"),
    "before birth": (
        _set("authored", "1926-03-04T05:06:07Z"),
        "older than the patient",
    ),
    "nobody": (_set("subject", {"reference": "Patient/1"}), "No patient"),
    "no subject": (_set("subject", {}), "has to name the patient"),
    "somebody's number": (
        _set("subject", {"identifier": {"value": "?"}}),
        "No patient",
    ),
}


def test_what_is_broken_is_refused_with_the_reason_and_stores_nothing(system, patient):
    for name, (change, reason) in BROKEN.items():
        sent = response(patient, MILD)
        change(sent)
        assert reason in refused(send(system, sent)), name
    assert AuditEvent.objects.filter(kind="RESOURCE_REFUSED").count() == len(BROKEN)


def test_moment_outside_the_calendar_is_refused_without_a_birth_date_too(
    system, clinic
):
    """Nothing else would notice it, and no database gives such a moment back."""
    unknown = make_patient(clinic, birth_date="")
    for authored in ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"):
        refused(send(system, response(unknown, MILD, authored=authored)))


def test_every_reason_is_told_at_once(system, patient):
    sent = response(patient, MILD, status="draft", authored="today")
    sent["item"][0]["answer"] = [{}]
    answer = send(system, sent)
    refused(answer)
    assert len(answer.json()["issue"]) == 3


def test_retired_version_is_told_from_an_unknown_one(system, patient):
    today = get("phq-9", "en")
    Definition.objects.create(
        instrument_id="phq-9",
        version="2019.1",
        language="en",
        checksum="0" * 64,
        content={},
        created_at=datetime(2019, 1, 1, tzinfo=UTC),
    )
    sent = response(patient, MILD, questionnaire=f"{URL}/phq-9|2019.1")
    said = refused(send(system, sent))
    assert f"Version 2019.1 of PHQ-9 is retired here; in use is {today.version}" in said


def test_refusal_of_what_shows_danger_says_so(system, patient):
    """Nobody may think that somebody here has seen it, whatever it is refused for."""
    reasons: tuple[dict[str, object], ...] = (
        {"questionnaire": f"{URL}/phq-9|1"},
        {"questionnaire": f"{URL}/phq-9"},
        {"questionnaire": "http://loinc.org/q/44249-1"},
        {"authored": "2126-01-01T00:00:00Z"},
        {"authored": "2026-03-04"},
        {"subject": {"identifier": {"value": "?"}}},
        {"status": "in-progress"},
    )
    for count, changes in enumerate(reasons, start=1):
        said = refused(send(system, response(patient, DANGER, **changes)))
        assert "nobody here will see it" in said, changes
        told_of = AuditEvent.objects.filter(detail__danger=True)
        assert told_of.count() == count
        harmless = refused(send(system, response(patient, NOTHING, **changes)))
        assert "nobody here will see it" not in harmless, changes


def test_other_answers_under_a_known_identifier_say_it_too(system, patient):
    same = {"identifier": {"system": "urn:x", "value": "1"}}
    assert send(system, response(patient, NOTHING, **same)).status_code == 201
    danger = send(system, response(patient, DANGER, **same))
    assert danger.status_code == 409
    assert "nobody here will see it" in told(danger)
    row = AuditEvent.objects.get(kind="RESOURCE_REFUSED")
    assert row.detail["reasons"] == ["conflict"]
    mild = send(system, response(patient, MILD, **same))
    assert "nobody here will see it" not in told(mild)


def test_condition_that_is_not_understood_says_it_too(system, patient):
    bad = {"If-None-Exist": "name=x"}
    danger = send(system, response(patient, DANGER), **bad)
    assert danger.status_code == 412
    assert "nobody here will see it" in told(danger)


def test_refusal_beside_an_endorsed_safety_item_says_so(system, patient):
    sent = response(patient, DANGER)
    sent["item"].pop(0)
    assert "nobody here will see it" in refused(send(system, sent))


def test_id_of_another_server_is_nobody_here(system, patient):
    for server in ("https://other.example/fhir", "urn:x", "Group"):
        subject = {"reference": f"{server}/Patient/{patient.id}"}
        assert "No patient" in refused(
            send(system, response(patient, MILD, subject=subject))
        )
    own = {"reference": f"http://localhost/fhir/R4/Patient/{patient.id}"}
    assert send(system, response(patient, MILD, subject=own)).status_code == 201


def test_deceased_and_strangers_are_refused(system, clinic):
    gone = make_patient(clinic, status=Patient.Status.DECEASED)
    assert "has died" in refused(send(system, response(gone, MILD)))
    stranger = make_patient(make_clinic("South clinic"))
    assert "No patient of this clinic" in refused(
        send(system, response(stranger, MILD))
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b'{"a": NaN}', 400),
        (b'{"status": "completed", "status": "completed"}', 400),
        (b'{"a": "\\u0000"}', 400),
        (b"[" * 2000 + b"]" * 2000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b" " * 3_000_000, 413),
    ],
)
def test_odd_bodies_are_refused_in_words(system, patient, body, status):
    answer = system.post(RESPONSES, body, content_type="application/fhir+json")
    refused(answer, status)


def test_other_formats_and_methods_are_refused(system, patient):
    form = system.post(RESPONSES, "a=b", content_type="application/xml")
    assert form.status_code == 415
    assert system.put(RESPONSES, {}, format="json").status_code == 405
