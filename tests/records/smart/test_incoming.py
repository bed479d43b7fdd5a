"""Answers from elsewhere: judged by the form, scored and flagged as if given here."""

import json
import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection, connections

from core.models import AuditEvent, Patient
from records.actions import find_received
from records.models import Received
from screening.definitions import get
from screening.models import Answer, Flag, Score, Screening
from tests.cast import make_patient
from tests.records.conftest import make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_clinic
from tests.records.smart.sent import RESPONSES, response, send, told

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
    assert (score.total, score.complete) == (Decimal(5), True)
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


@pytest.mark.parametrize("link_id", ["total", "/44261-6"])
def test_total_of_the_sender_has_to_be_ours(system, patient, link_id):
    sent = response(patient, MILD)
    sent["item"].append({"linkId": "instruction", "text": "Over the last 2 weeks"})
    sent["item"].append({"linkId": link_id, "answer": [{"valueDecimal": 6}]})
    assert "add up to 5, not to 6" in refused(send(system, sent))
    sent["item"][-1]["answer"] = [{"valueQuantity": {"value": 5}}]
    created(send(system, sent))


def test_sums_of_parts_have_to_be_ours(system, patient):
    sent = response(patient, [1, 2, 0, 1], instrument="phq-4")
    parts = [part.id for part in get("phq-4", "en").subscales]
    assert len(parts) == 2
    for part, value in zip(parts, [3, 2], strict=True):
        sent["item"].append({"linkId": part, "answer": [{"valueDecimal": value}]})
    assert "add up to 1, not to 2" in refused(send(system, sent))
    sent["item"][-1]["answer"] = [{"valueDecimal": 1}]
    created(send(system, sent))


NUMBER = {"system": "urn:sender", "value": "7"}


@pytest.mark.parametrize("identifier", [NUMBER, None])
def test_sent_again_it_is_the_same_one(system, patient, identifier):
    sent = response(patient, DANGER, identifier=identifier)
    made, again = created(send(system, sent)), created(send(system, sent), 200)
    assert again == made
    assert (Screening.objects.count(), Flag.objects.count()) == (1, 1)
    assert Received.objects.count() == 1


def test_under_another_name_it_is_the_same_one_all_the_same(system, patient):
    made = created(send(system, response(patient, MILD, identifier=NUMBER)))
    assert created(send(system, response(patient, MILD)), 200) == made
    condition = {"If-None-Exist": "identifier=urn:sender|99"}
    assert created(send(system, response(patient, MILD), **condition), 200) == made


def test_under_two_names_at_one_moment_it_is_the_same_one(system, patient, monkeypatch):
    """The second looked before the first was stored: the database decides."""
    made = created(send(system, response(patient, DANGER, identifier=NUMBER)))
    looks = []

    def late(**how):
        looks.append(how)
        return find_received(**how) if len(looks) > 2 else None

    monkeypatch.setattr("records.api.incoming.find_received", late)
    monkeypatch.setattr("records.actions.once.find_received", late)
    other = {"system": "urn:sender", "value": "8"}
    again = created(send(system, response(patient, DANGER, identifier=other)), 200)
    assert again == made
    assert (Screening.objects.count(), Flag.objects.count()) == (1, 1)


@pytest.mark.parametrize("identifier", [{"system": "urn:s", "value": "7"}, None])
def test_of_either_record_of_one_person_it_is_the_same_one(
    system, clinic, patient, identifier
):
    old = make_patient(clinic)
    sent = response(old, MILD, identifier=identifier)
    made = created(send(system, sent))
    old.status, old.merged_into = Patient.Status.MERGED, patient
    old.save()
    for person in (old, patient):
        again = response(person, MILD, identifier=identifier)
        assert created(send(system, again), 200)["id"] == made["id"]
    later = response(old, MILD, authored="2026-03-05T05:06:07Z")
    other = created(send(system, later))
    later["subject"]["reference"] = f"Patient/{patient.id}"
    assert created(send(system, later), 200)["id"] == other["id"]


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


def test_who_may_only_send_in_reads_nothing_by_sending(system, patient, clinic):
    """Neither at first, nor again, nor by a name: where it is, and no word of it."""
    blind = showing(
        make_token(clinic, ["system/QuestionnaireResponse.c"], "Sender").secret
    )
    condition = {"If-None-Exist": "identifier=urn:sender|7"}
    known = created(send(system, response(patient, DANGER, identifier=NUMBER)))
    read = AuditEvent.objects.filter(kind="RECORD_READ")
    assert read.get().object_id == known["id"]
    for headers in ({}, condition):
        sent = response(patient, DANGER, identifier=NUMBER)
        again = send(blind, sent, **headers)
        assert (again.status_code, again.content) == (200, b"")
        assert f"/QuestionnaireResponse/{known['id']}/_history/" in again["Location"]
        assert again["ETag"] == f'W/"{known["meta"]["versionId"]}"'
    new = send(blind, response(patient, MILD))
    assert (new.status_code, new.content) == (201, b"")
    assert read.count() == 1


def test_two_clinics_may_use_the_same_identifier(system, patient):
    other = make_clinic("South clinic")
    theirs = showing(make_token(other, ["system/QuestionnaireResponse.c"]).secret)
    created(send(system, response(patient, MILD, identifier=NUMBER)))
    sent = response(make_patient(other), MILD, identifier=NUMBER)
    assert send(theirs, sent).status_code == 201


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


def test_what_was_sent_late_is_judged_in_its_time(system, patient):
    """A form of last week that comes in after today's is a point of last week."""
    bad = response(patient, [3] * 8 + [0, 3], authored="2026-05-01T10:00:00Z")
    created(send(system, bad))
    assert not Flag.objects.filter(rule__contains="worse").exists()
    created(send(system, response(patient, MILD, authored="2026-04-01T10:00:00Z")))
    assert Flag.objects.filter(rule__contains="worse").exists()
