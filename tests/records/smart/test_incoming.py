"""Answers from elsewhere: judged by the form, scored and flagged as if given here."""

import json
import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from core.models import AuditEvent, Patient
from records.models import Received
from screening.definitions import get
from screening.models import Answer, Definition, Flag, Score, Screening
from tests.cast import make_patient
from tests.records.conftest import make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_clinic
from tests.records.smart.sent import RESPONSES, URL, response, send, told

pytestmark = pytest.mark.django_db
MILD = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
DANGER = [0] * 8 + [1, 0]
NOTHING = [0] * 9


def created(answer, status=201):
    assert answer.status_code == status, answer.content
    accept(json.loads(answer.content))
    return answer.json()


def refused(answer, status=422):
    assert answer.status_code == status, answer.content
    accept(json.loads(answer.content))
    assert not Screening.objects.exists()
    assert not Flag.objects.exists()
    return told(answer)


@pytest.mark.parametrize("how", ["code", "weighed", "integer", "decimal"])
def test_answers_are_stored_scored_and_marked_as_imported(system, patient, how):
    answer = send(system, response(patient, MILD, how=how))
    made = created(answer)
    assert answer["Location"].startswith(f"http://localhost{RESPONSES}/{made['id']}")
    score = Score.objects.get()
    assert (score.total, score.complete) == (5, True)
    assert score.at == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert set(Answer.objects.values_list("origin", flat=True)) == {"IMPORTED"}
    screening = Screening.objects.get()
    assert (screening.origin, screening.status) == ("IMPORT", "COMPLETED")
    assert screening.patient == patient
    # Whoever wrote the answers down, it was not this product's patient page.
    assert "author" not in made
    assert system.get(f"{RESPONSES}/{made['id']}").json() == made
    event = AuditEvent.objects.get(kind="RESPONSE_RECEIVED")
    assert event.object_id == made["id"]


def test_zero_is_an_answer(system, patient):
    created(send(system, response(patient, NOTHING, how="integer")))
    assert Score.objects.get().total == 0
    assert Answer.objects.count() == 9


@pytest.mark.parametrize("last", [1, 3, "declined"])
def test_danger_is_flagged_as_on_the_pages(system, patient, last):
    created(send(system, response(patient, [*[0] * 8, last, 0])))
    flag = Flag.objects.get()
    assert flag.tier == ("HIGH" if last == "declined" else "URGENT")
    assert flag.episode.patient == patient
    assert flag.rule in ("item-9", "item-9-declined")


def test_declined_is_no_zero(system, patient):
    created(send(system, response(patient, ["declined", *MILD[1:]])))
    score = Score.objects.get()
    assert (score.total, score.complete) == (None, False)


def test_patient_is_found_by_record_number(system, patient):
    subject = {"identifier": {"system": "record-number", "value": "mrn-1"}}
    created(send(system, response(patient, MILD, subject=subject)))
    assert Screening.objects.get().patient == patient


def test_answers_of_a_merged_record_go_to_the_one_that_stays(system, patient, clinic):
    old = make_patient(clinic, status=Patient.Status.MERGED, merged_into=patient)
    created(send(system, response(old, MILD)))
    assert Screening.objects.get().patient == patient


def test_total_of_the_sender_has_to_be_ours(system, patient):
    sent = response(patient, MILD)
    sent["item"].append({"linkId": "/44261-6", "answer": [{"valueDecimal": 6}]})
    assert "add up to 5, not to 6" in refused(send(system, sent))
    sent["item"][-1]["answer"] = [{"valueQuantity": {"value": 5}}]
    created(send(system, sent))


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


@pytest.mark.parametrize(
    "changes",
    [{"questionnaire": f"{URL}/phq-9|1"}, {"authored": "2126-01-01T00:00:00Z"}],
)
def test_refusal_of_what_shows_danger_says_so(system, patient, changes):
    """Nobody may think that somebody here has seen it."""
    said = refused(send(system, response(patient, DANGER, **changes)))
    assert "nobody here will see it" in said
    assert AuditEvent.objects.get(kind="RESOURCE_REFUSED").detail["danger"] is True
    harmless = refused(send(system, response(patient, NOTHING, **changes)))
    assert "nobody here will see it" not in harmless


def test_refusal_beside_an_endorsed_safety_item_says_so(system, patient):
    sent = response(patient, DANGER)
    sent["item"].pop(0)
    assert "nobody here will see it" in refused(send(system, sent))


def test_deceased_and_strangers_are_refused(system, clinic):
    gone = make_patient(clinic, status=Patient.Status.DECEASED)
    assert "has died" in refused(send(system, response(gone, MILD)))
    stranger = make_patient(make_clinic("South clinic"))
    assert "No patient of this clinic" in refused(
        send(system, response(stranger, MILD))
    )


NUMBER = {"system": "urn:sender", "value": "7"}


@pytest.mark.parametrize("identifier", [NUMBER, None])
def test_sent_again_it_is_the_same_one(system, patient, identifier):
    sent = response(patient, DANGER, identifier=identifier)
    made, again = created(send(system, sent)), created(send(system, sent), 200)
    assert again == made
    assert (Screening.objects.count(), Flag.objects.count()) == (1, 1)
    assert Received.objects.count() == 1


def test_other_answers_under_the_same_identifier_are_a_conflict(system, patient):
    created(send(system, response(patient, MILD, identifier=NUMBER)))
    answer = send(system, response(patient, DANGER, identifier=NUMBER))
    assert answer.status_code == 409
    assert "identifier of their own" in told(answer)
    assert Screening.objects.count() == 1


def test_conditional_create_creates_once(system, patient):
    condition = {"If-None-Exist": "identifier=urn:sender|8"}
    made = created(send(system, response(patient, MILD), **condition))
    # What matches is answered with, whatever was sent.
    again = created(send(system, response(patient, DANGER), **condition), 200)
    assert again == made
    odd = send(system, response(patient, MILD), **{"If-None-Exist": "code=1"})
    assert odd.status_code == 412


def test_two_clinics_may_use_the_same_identifier(system, patient):
    other = make_clinic("South clinic")
    theirs = showing(make_token(other, ["system/QuestionnaireResponse.c"]).secret)
    created(send(system, response(patient, MILD, identifier=NUMBER)))
    created(send(theirs, response(make_patient(other), MILD, identifier=NUMBER)))


@pytest.mark.django_db(transaction=True)
def test_of_many_sent_at_once_one_is_stored():
    if connection.vendor == "sqlite":
        return  # one writer at a time by its nature; the rule is the same row
    clinic = make_clinic()
    token, patient = make_token(clinic, ["system/*.cruds"]), make_patient(clinic)
    sent, said = response(patient, DANGER, identifier=NUMBER), []

    def post():
        try:
            said.append(send(showing(token.secret), sent).status_code)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [200, 200, 200, 201]
    assert (Screening.objects.count(), Flag.objects.count()) == (1, 1)


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


def test_what_was_sent_late_is_judged_in_its_time(system, patient):
    """A form of last week that comes in after today's is a point of last week."""
    bad = response(patient, [3] * 8 + [0, 3], authored="2026-05-01T10:00:00Z")
    created(send(system, bad))
    assert not Flag.objects.filter(rule__contains="worse").exists()
    created(send(system, response(patient, MILD, authored="2026-04-01T10:00:00Z")))
    assert Flag.objects.filter(rule__contains="worse").exists()
