"""Results leave for a FHIR server: once, in order, whatever happens on the way."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditEvent, Role
from core.permissions import PermissionRefused
from records.models import Delivery, Destination
from records.outbox import planning, sending
from records.tasks.sending import _try
from records.workflow import MoveRefused, Outcome, Verdict
from screening.actions import Correction
from screening.actions import amend as put_right
from tests.cast import make_user
from tests.records.out.leaving import shorter
from tests.records.out.target import broken_references
from tests.records.rows import AT, make_patient

pytestmark = pytest.mark.django_db
TAKEN = {"Patient": 1, "QuestionnaireResponse": 1, "Observation": 12}


def counts(target):
    return {kind: len(target.all(kind)) for kind in TAKEN}


def amend(leaving, administration, at):
    """Item 9 is put right by a clinician."""
    correction = Correction(
        position=0, link_id="/44260-8", value=2, reason="Misread.", seen_version=1
    )
    put_right(
        screening_id=administration.screening_id,
        correction=correction,
        by=make_user(leaving.clinic, Role.CLINICIAN),
        at=at,
    )


def test_result_is_pushed_whole_and_told_once(leaving, target):
    leaving.place(address=target.url)
    leaving.result()
    leaving.run()
    assert counts(target) == TAKEN
    assert broken_references(target) == []
    assert target.asked == ["GET metadata", "POST "]
    (row,) = Delivery.objects.all()
    assert (row.state, row.tries, row.status, row.next_at) == ("ACCEPTED", 1, 200, None)
    assert {one["status"] for one in row.receipt} == {"201"}
    panel = [o for o in target.all("Observation") if "hasMember" in o]
    assert len(panel) == 1
    leaving.run(minutes=1)
    assert len(target.asked) == 2
    kinds = list(AuditEvent.objects.values_list("kind", flat=True))
    assert kinds.count("DELIVERY_ACCEPTED") == 1


def test_nothing_of_health_is_kept_or_logged(leaving, target, caplog):
    leaving.place(address=target.url, secret="token-1")
    target.faults = [500, 422]
    leaving.result()
    leaving.run()
    leaving.run(minutes=1)
    row = Delivery.objects.get()
    kept = json.dumps([row.receipt, row.last_error]) + caplog.text
    kept += json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)))
    for word in ("12345", "Doe", "interest", "valueQuantity", "token-1"):
        assert word not in kept
    assert row.last_error.startswith("The receiver answered 422.")


@pytest.mark.parametrize("whole", [True, False], ids=["transaction", "one by one"])
def test_every_fault_ends_with_exactly_one_of_everything(
    leaving, target, whole, monkeypatch
):
    shorter(monkeypatch, deadline=1)
    target.whole, target.late = whole, 1.2
    leaving.place(address=target.url)
    patient = make_patient(leaving.clinic, number="777")
    first = leaving.result(patient)
    target.faults = [503, 409, "late", 500]
    for _ in range(5):
        leaving.run(hours=1)
    assert leaving.states() == ["ACCEPTED"]
    assert counts(target) == TAKEN
    assert broken_references(target) == []
    amend(leaving, first, leaving.now)
    target.faults = [409]
    for _ in range(3):
        leaving.run(hours=1)
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]
    assert counts(target) == TAKEN
    assert target.all("QuestionnaireResponse")[0]["status"] == "amended"
    totals = [
        o["valueQuantity"]["value"]
        for o in target.all("Observation")
        if "valueQuantity" in o
    ]
    assert totals == [11]


def test_order_of_a_patient_is_kept_and_holds_up_nobody_else(leaving, target):
    leaving.place(address=target.url)
    patient = make_patient(leaving.clinic, number="1")
    first, second = leaving.result(patient), leaving.result(patient)
    later = AT + timedelta(seconds=5)
    type(second).objects.filter(id=second.id).update(completed_at=later)
    other = leaving.result(make_patient(leaving.clinic, number="2"))
    type(other).objects.filter(id=other.id).update(
        completed_at=AT + timedelta(seconds=9)
    )
    target.faults = [409]
    leaving.run()
    assert leaving.states() == ["DUE", "DUE", "ACCEPTED"]
    leaving.run(minutes=1)
    assert leaving.states() == ["ACCEPTED"] * 3
    sent = [str(first.id) in said for said in target.order]
    assert sent == [False, True, False]
    assert len(target.all("Patient")) == 2


def test_refusal_stays_until_an_administrator_sends_it_again(leaving, target):
    leaving.place(address=target.url)
    leaving.result()
    target.faults = [422]
    leaving.run()
    row = Delivery.objects.get()
    assert (row.state, row.next_at) == ("REFUSED", None)
    leaving.run(days=1)
    assert leaving.states() == ["REFUSED"]
    fred = make_user(leaving.clinic, Role.FRONT_DESK)
    with pytest.raises(PermissionRefused):
        sending.resend(delivery=row, by=fred, at=leaving.now)
    sending.resend(delivery=row, by=leaving.ada, at=leaving.now)
    leaving.run()
    assert leaving.states() == ["ACCEPTED"]
    with pytest.raises(MoveRefused, match="has this already"):
        sending.resend(delivery=row, by=leaving.ada, at=leaving.now)


def test_after_enough_tries_it_is_a_dead_letter_and_holds_up_nothing(
    leaving, target, monkeypatch
):
    shorter(monkeypatch, tries=2)
    leaving.place(address=target.url)
    patient = make_patient(leaving.clinic, number="1")
    leaving.result(patient)
    second = leaving.result(patient)
    type(second).objects.filter(id=second.id).update(
        completed_at=AT + timedelta(seconds=5)
    )
    target.faults = [500, 500]
    leaving.run()
    leaving.run(hours=1)
    assert leaving.states() == ["DEAD", "ACCEPTED"]
    place = Destination.objects.get()
    sent = sending.resend_all(
        clinic=leaving.clinic, destination=place, by=leaving.ada, at=leaving.now
    )
    leaving.run()
    assert (sent, leaving.states()) == (1, ["ACCEPTED", "ACCEPTED"])


def test_sender_that_died_is_followed_by_one_that_sends_again(leaving, target):
    place = leaving.place(address=target.url)
    leaving.result()
    planning.plan(destination_id=place.id, at=leaving.now)
    lost = sending.claim_next(destination_id=place.id, at=leaving.now)
    assert lost is not None
    # It was taken over there, and nobody here wrote it down.
    _try(lost, lambda: leaving.now)
    leaving.run(seconds=5)
    assert leaving.states() == ["SENT"]
    leaving.run(minutes=5)
    assert leaving.states() == ["ACCEPTED"]
    assert counts(target) == TAKEN
    # The first one wakes up after all: it settles nothing any more.
    late = Outcome(verdict=Verdict.REFUSED, sentence="too late")
    assert sending.settle(delivery=lost, outcome=late, at=leaving.now) is None
    assert leaving.states() == ["ACCEPTED"]


def test_two_senders_never_have_one_patient_in_hand(leaving, target):
    place = leaving.place(address=target.url)
    patient = make_patient(leaving.clinic, number="1")
    leaving.result(patient)
    leaving.result(patient)
    planning.plan(destination_id=place.id, at=leaving.now)
    first = sending.claim_next(destination_id=place.id, at=leaving.now)
    assert sending.claim_next(destination_id=place.id, at=leaving.now) is None
    other = Delivery.objects.exclude(id=first.id).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(id=other.id).update(state="SENT")
    assert not sending._claim(other, at=leaving.now)


def test_version_that_was_overtaken_is_not_sent(leaving, target):
    place = leaving.place(address=target.url)
    administration = leaving.result()
    planning.plan(destination_id=place.id, at=leaving.now)
    amend(leaving, administration, leaving.now)
    leaving.run(seconds=1)
    leaving.run(seconds=1)
    assert leaving.states() == ["REPLACED", "ACCEPTED"]
    assert len(target.order) == 1


def test_text_that_was_changed_does_not_leave(leaving, target, monkeypatch):
    leaving.place(address=target.url)
    leaving.result()
    monkeypatch.setattr(
        "records.presenters.text_lock._is_intact", lambda _content, _checksum: False
    )
    leaving.run()
    row = Delivery.objects.get()
    assert (row.state, target.order) == ("REFUSED", [])
    assert "stored text" in row.last_error
