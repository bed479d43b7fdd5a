"""What goes wrong on our own side holds up no other patient, place or sender."""

import os
import signal
from datetime import timedelta

import pytest
from django.core.management import call_command

from core.crypto import CannotRead
from records.models import Delivery, Destination, Export
from records.outbox import exports, planning, sending
from records.presenters.leaving import result_of as really
from records.workflow import MoveRefused
from tests.records.conftest import make_token
from tests.records.rows import AT, make_patient

pytestmark = pytest.mark.django_db
UNREADABLE = "The patient's record cannot be read: its key is gone."


def test_record_that_cannot_be_read_holds_up_no_other_patient(
    leaving, target, monkeypatch
):
    leaving.place(address=target.url)
    first = leaving.result(make_patient(leaving.clinic, number="1"))
    leaving.result(make_patient(leaving.clinic, number="2"))

    def sealed(delivery, naming):
        if delivery.administration_id == first.id:
            raise CannotRead("no key")
        return really(delivery, naming)

    monkeypatch.setattr("records.tasks.sending.result_of", sealed)
    leaving.run()
    stuck = Delivery.objects.get(administration=first)
    assert (stuck.state, stuck.last_error) == ("DUE", UNREADABLE)
    assert sorted(leaving.states()) == ["ACCEPTED", "DUE"]
    monkeypatch.undo()
    leaving.run(minutes=1)
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]


def test_connection_that_cannot_be_read_waits_as_a_whole(leaving, target, monkeypatch):
    leaving.place(address=target.url)
    leaving.result(make_patient(leaving.clinic, number="1"))
    leaving.result(make_patient(leaving.clinic, number="2"))

    def sealed(*_args, **_more):
        raise CannotRead("no key")

    monkeypatch.setattr("records.client.Target", sealed)
    leaving.run()
    place = Destination.objects.get()
    assert place.last_error.startswith("What is stored for this connection")
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 1]


def test_host_that_is_allowed_no_more_is_said_of_the_receiver(leaving, settings):
    settings.RECORDS_HOSTS = ["ehr"]
    place = leaving.place(address="https://ehr/fhir")
    leaving.result()
    settings.RECORDS_HOSTS = []
    leaving.run()
    place.refresh_from_db()
    assert "public name" in place.last_error
    assert place.retry_at is not None


def test_versions_of_one_result_leave_in_order_though_records_were_merged(leaving):
    """The second version has the record that stays; the first one's is gone."""
    place = leaving.place("CSV_FILE")
    row = leaving.result()
    planning.plan(destination_id=place.id, at=leaving.now)
    first = Delivery.objects.get()
    kept = make_patient(leaving.clinic, number="2")
    second = Delivery.objects.create(
        destination=place,
        patient=kept,
        administration=row,
        version=2,
        caused_at=first.caused_at + timedelta(seconds=1),
        created_at=AT,
        next_at=AT,
    )
    now = leaving.now
    assert sending.claim_next(destination_id=place.id, at=now).id == first.id
    assert sending.claim_next(destination_id=place.id, at=now) is None
    Delivery.objects.filter(id=first.id).update(state="REPLACED", next_at=None)
    assert sending.claim_next(destination_id=place.id, at=now).id == second.id


def test_two_who_send_everything_again_at_once_break_nothing(
    leaving, target, monkeypatch
):
    place = leaving.place(address=target.url)
    leaving.result()
    target.faults = [422]
    leaving.run()

    def beaten(**_how):
        raise MoveRefused("This is on its way already.")

    monkeypatch.setattr(sending, "resend", beaten)
    everything = {"clinic": leaving.clinic, "destination": place}
    assert sending.resend_all(**everything, by=leaving.ada, at=leaving.now) == 0


def test_page_that_is_kept_after_the_lease_is_not_written_twice(leaving):
    """Whoever looked before that does not go on from where it was then."""
    client = make_token(leaving.clinic).client
    wanted = exports.Ask(level="system", types=["Patient"], request="")
    exports.ask(client=client, wanted=wanted, at=AT)
    slow, looked_at = exports.claim_export(at=AT), Export.objects.get()
    assert slow is not None
    later = AT + timedelta(hours=1)
    place = {"phase": "patients", "after": "x"}
    assert exports.keep(export=slow, cursor=place, written={}, more=1, at=later)
    assert not exports._claim(looked_at, until=later + timedelta(hours=1))
    assert Export.objects.get().claims == slow.claims


def test_sender_outlives_a_database_that_is_away(monkeypatch):
    rounds = []
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}

    def tick():
        rounds.append(1)
        if len(rounds) == 1:
            raise RuntimeError("the database is away")
        os.kill(os.getpid(), signal.SIGTERM)
        return False

    monkeypatch.setattr("records.management.commands.deliver.tick", tick)
    monkeypatch.setattr(
        "records.management.commands.deliver.close_old_connections", lambda: None
    )
    try:
        call_command("deliver", interval=0.01)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert len(rounds) == 2
