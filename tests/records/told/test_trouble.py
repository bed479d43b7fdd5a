"""Receivers that fail, are slow, refuse, or ask for a sign of life."""

import json
import ssl

import pytest

from core.audit import Actor
from core.models import AuditEvent
from records.models import Notification, Subscription
from records.outbox.notifying import resend_notification
from records.workflow import MoveRefused
from tests.records.told.telling import FILTER, said, shorter

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")


def status(telling):
    return Subscription.objects.get().status


def kinds():
    return list(AuditEvent.objects.order_by("seq").values_list("kind", flat=True))


def test_greeting_that_nobody_answers_ends_in_error_until_asked_anew(telling):
    telling.receiver.status = 500
    made = json.loads(telling.post().content)
    for _ in range(6):
        telling.run(hours=7)
    assert (len(telling.told), status(telling)) == (5, "error")
    shown = telling.get(made["id"])
    assert shown["error"] == "The receiver answered 500."
    assert kinds().count("SUBSCRIPTION_ERROR") == 1
    # What happens meanwhile is not told: it never was active.
    telling.result()
    telling.receiver.status = 204
    assert telling.put(shown, status="requested").status_code == 200
    telling.run()
    assert (status(telling), telling.kinds()[5:]) == ("active", ["handshake"])
    telling.run(seconds=1)
    assert telling.kinds()[5:] == ["handshake"]


def test_failing_receiver_loses_nothing_and_gets_it_in_order(telling, monkeypatch):
    shorter(monkeypatch, error_after=2)
    row = telling.subscribe()
    telling.receiver.status = 503
    for _ in range(2):
        telling.result()
        telling.run()
    telling.run(minutes=1)
    # Asked twice in all, about the first alone: the second waits behind it.
    assert [
        said(one).get("events", [{}])[0].get("event-number") for one in telling.told
    ] == [*(None, "1", "1")]
    assert status(telling) == "error"
    shown = telling.get(f"{row.id}/$status")["entry"][0]["resource"]
    assert {
        "name": "error",
        "valueCodeableConcept": {"text": "The receiver answered 503."},
    } in (shown["parameter"])
    telling.receiver.status = 204
    telling.run(hours=1)
    numbers = [said(one)["events"][0]["event-number"] for one in telling.told[3:]]
    assert numbers == ["1", "2"]
    # The same bundle under the same id, however often.
    assert telling.told[1]["id"] == telling.told[3]["id"]
    assert (status(telling), telling.states()) == ("active", ["ACCEPTED"] * 2)
    assert kinds().count("SUBSCRIPTION_ACTIVE") == 2


def test_refused_event_stands_for_a_person_and_is_sent_again(telling):
    telling.subscribe()
    telling.receiver.status = 410
    telling.result()
    telling.run()
    telling.result()
    telling.run(seconds=1)
    # The receiver is given time: the next is not burnt on it at once.
    assert (telling.states(), len(telling.told)) == (["REFUSED", "DUE"], 2)
    telling.receiver.status = 204
    refused = Notification.objects.get(state="REFUSED")
    assert refused.last_error == "The receiver answered 410."
    resend_notification(notification=refused, by=telling.ada, at=telling.now)
    telling.run(seconds=1)
    assert telling.states() == ["ACCEPTED", "ACCEPTED"]
    with pytest.raises(MoveRefused, match="has this already"):
        resend_notification(notification=refused, by=telling.ada, at=telling.now)
    assert {"NOTIFICATION_REFUSED", "NOTIFICATION_RESENT"} <= set(kinds())


def test_event_is_given_up_after_so_many_tries_and_the_next_is_tried(telling):
    telling.subscribe()
    telling.result()
    telling.run()
    first = Notification.objects.get(number=1)
    Notification.objects.filter(id=first.id).update(
        state="DUE", next_at=telling.now, tries=21, settled_at=None
    )
    telling.receiver.status = 500
    telling.run(seconds=1)
    assert (telling.states(), kinds()[-1]) == (["DEAD"], "NOTIFICATION_DEAD")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (302, "The receiver answered 302; no redirect is followed."),
        (401, "The receiver does not let us in (401)."),
        (429, "The receiver answered 429."),
    ],
)
def test_not_now_is_tried_again_and_says_why(telling, answer, sentence):
    telling.subscribe()
    telling.receiver.status = answer
    telling.result()
    telling.run()
    row = Notification.objects.get(number=1)
    assert (row.state, row.last_error) == ("DUE", sentence)


def test_slow_and_absent_receivers_are_waited_for_as_long_as_they_say(telling):
    slow = {"url": FILTER.replace("filter-criteria", "timeout"), "valueUnsignedInt": 9}
    row = telling.subscribe(channel={"extension": [slow]})
    assert row.timeout == 9
    # The greeting had its time, however busy this machine is.
    Subscription.objects.update(timeout=1)
    telling.receiver.delay = 1.3
    telling.result()
    telling.run()
    row = Notification.objects.get(number=1)
    assert (row.state, row.last_error) == (
        "DUE",
        "The receiver did not answer in time.",
    )
    telling.receiver.delay = 0
    dead = telling.post(endpoint="http://127.0.0.1:9/nobody")
    telling.run()
    lost = Subscription.objects.get(id=json.loads(dead.content)["id"])
    assert lost.last_error == "The receiver was not reached at a public address."


def test_name_that_leads_into_the_network_is_never_reached(
    telling, settings, monkeypatch
):
    row = telling.subscribe()
    found = [(2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr("core.webhook.socket.getaddrinfo", lambda *a, **k: found)
    settings.RECORDS_HOSTS = ["inside.example.org"]
    row.endpoint = "https://inside.example.org/hook"
    row.save()
    telling.result()
    telling.run()
    event = Notification.objects.get(number=1)
    assert event.last_error == "The receiver was not reached at a public address."


def test_failing_sign_of_life_is_not_said_twice(telling):
    beat = {
        "url": FILTER.replace("filter-criteria", "heartbeat-period"),
        "valueUnsignedInt": 60,
    }
    telling.subscribe(channel={"extension": [beat]})
    telling.receiver.status = 500
    telling.run(seconds=61)
    telling.run(seconds=31)
    beats = Notification.objects.filter(kind="heartbeat")
    assert [one.state for one in beats] == ["STOPPED"]
    with pytest.raises(MoveRefused):
        resend_notification(notification=beats[0], by=telling.ada, at=telling.now)


def test_certificate_that_nobody_knows_is_not_trusted(telling, monkeypatch):
    def untrusted(*args, **kwargs):
        raise ssl.SSLCertVerificationError

    monkeypatch.setattr("records.client.notice.connection", untrusted)
    telling.post()
    telling.run()
    assert Subscription.objects.get().last_error == (
        "The receiver's certificate is not trusted."
    )
