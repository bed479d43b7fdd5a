"""Receivers that fail, are slow, refuse or end; and what may not be told any more."""

import json
import ssl
from datetime import timedelta

import pytest
from django.utils import timezone

from core.audit import Actor
from core.crypto import CannotRead
from core.models import AuditEvent
from records import tasks
from records.actions import (
    SubscriptionRefused,
    allow_subscription,
    bar_subscription,
    revoke_client,
)
from records.models import Notification, Subscription
from records.outbox import notifying
from records.outbox.notifying import resend_notification
from records.presenters.subscribed import topic_of
from records.tasks import notifying as sender
from records.workflow import MoveRefused, Outcome, State, Verdict
from screening.models import Screening
from tests.cast import make_episode
from tests.records.rows import make_patient
from tests.records.told.telling import FILTER, REVIEW, said, shorter

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
    slow = {"url": FILTER.replace("filter-criteria", "timeout"), "valueUnsignedInt": 1}
    telling.subscribe(channel={"extension": [slow]})
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
    assert lost.last_error == "The receiver was not reached."


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
    assert event.last_error == "A webhook goes to a public address only."


def test_disconnected_program_hears_nothing_more_and_its_secret_is_gone(telling):
    telling.subscribe(channel={"header": ["Authorization: Bearer x"]})
    telling.receiver.status = 500
    telling.result()
    telling.run()
    revoke_client(client=telling.token.client, by=BY, at=telling.now)
    telling.receiver.status = 204
    telling.result()
    telling.run(hours=1)
    row = Subscription.objects.get()
    assert (row.status, row.headers, row.endpoint) == ("off", "", "")
    assert (telling.states(), len(telling.told)) == (["STOPPED"], 2)
    with pytest.raises(SubscriptionRefused, match="deleted"):
        allow_subscription(subscription=row, by=telling.ada, at=telling.now)


def test_what_its_scopes_no_longer_allow_is_not_told(telling):
    row = telling.subscribe()
    telling.receiver.status = 500
    telling.result()
    telling.run()
    client = telling.token.client
    client.scopes = ["system/Subscription.cruds", "system/Task.rs"]
    client.save()
    telling.receiver.status = 204
    telling.result()
    telling.run(minutes=1)
    # The one that had its number is withheld; the other gets none.
    assert (telling.states(), len(telling.told)) == (["STOPPED"], 2)
    assert Notification.objects.get(number=1).last_error == sender.NOT_ALLOWED
    assert "events" not in said(telling.get(f"{row.id}/$events"))
    assert "NOTIFICATION_WITHHELD" in kinds()


@pytest.mark.parametrize("taken_back", ["withdrawn", "another clinic's"])
def test_what_is_not_to_be_read_any_more_is_not_told(telling, taken_back):
    row = telling.subscribe()
    telling.receiver.status = 500
    made = telling.result()
    telling.run()
    if taken_back == "withdrawn":
        Screening.objects.filter(id=made.screening_id).update(
            status="WITHDRAWN", completed_at=None
        )
    else:
        Notification.objects.filter(number=1).update(focus=row.id)
    telling.receiver.status = 204
    telling.run(minutes=1)
    assert (telling.states(), len(telling.told)) == (["STOPPED"], 2)
    assert "events" not in said(telling.get(f"{row.id}/$events"))


def test_clinic_switches_one_off_and_alone_lets_it_on_again(telling):
    row = telling.subscribe(topic=REVIEW)
    shown = telling.get(str(row.id))
    bar_subscription(subscription=row, by=telling.ada, at=telling.now)
    make_episode(make_patient(telling.clinic), opened_at=telling.now)
    telling.run()
    assert (status(telling), len(telling.told)) == ("off", 1)
    answer = telling.put(shown, status="requested")
    assert (answer.status_code, "administrator" in answer.content.decode()) == (
        422,
        True,
    )
    assert telling.put(shown, status="off").status_code == 200
    allow_subscription(subscription=row, by=telling.ada, at=telling.now)
    telling.run()
    telling.run(seconds=1)
    # What happened while it was off is not told afterwards.
    assert (status(telling), telling.kinds()) == ("active", ["handshake"] * 2)


def test_subscription_ends_when_its_client_said(telling):
    end = (telling.now + timedelta(hours=1)).isoformat()
    telling.subscribe(end=end)
    telling.run(hours=2)
    telling.result()
    telling.run()
    assert (status(telling), len(telling.told)) == ("off", 1)
    assert kinds()[-1] == "SUBSCRIPTION_OVER"


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


def test_worker_that_died_is_followed_and_one_that_woke_settles_nothing(telling):
    row = telling.subscribe()
    telling.result()
    tasks.notifying.happening.number_events(subscription_id=row.id, at=telling.now)
    claim = notifying.claim_notification
    dead = claim(subscription_id=row.id, at=telling.now)
    assert claim(subscription_id=row.id, at=telling.now) is None
    telling.run(minutes=4)
    assert telling.states() == ["ACCEPTED"]
    outcome = Outcome(verdict=Verdict.REFUSED)
    late = notifying.settle_notification(
        notification=dead, outcome=outcome, at=telling.now
    )
    assert (late, telling.states()) == (None, ["ACCEPTED"])
    assert not notifying._claim(dead, at=telling.now)


def test_two_of_one_subscription_are_never_under_way(telling):
    row = telling.subscribe()
    for _ in range(2):
        telling.result()
    tasks.notifying.happening.number_events(subscription_id=row.id, at=telling.now)
    first, second = Notification.objects.filter(number__gt=0).order_by("number")
    assert notifying._claim(first, at=telling.now)
    assert not notifying._claim(second, at=telling.now)
    assert Notification.objects.get(id=second.id).state == State.DUE


def test_what_cannot_be_read_or_made_waits_and_holds_up_no_other(
    telling, monkeypatch, caplog
):
    telling.subscribe()
    telling.result()

    def gone(row):
        raise CannotRead

    monkeypatch.setattr(sender, "headers_of", gone)
    telling.run()
    assert Notification.objects.get(number=1).last_error == sender.SEALED
    monkeypatch.setattr(sender, "headers_of", lambda row: 1 / 0)
    telling.run(minutes=1)
    assert Notification.objects.get(number=1).last_error.startswith("The notification")
    monkeypatch.setattr(sender.notifying, "end_if_over", gone)
    assert telling.run() is False
    assert "failed" in caplog.text


def test_client_whose_program_sends_without_reading_gets_an_address_alone(telling):
    telling.token.scopes = ["system/Subscription.cu", "system/QuestionnaireResponse.r"]
    telling.token.save()
    answer = telling.post()
    assert (answer.status_code, answer.content) == (201, b"")
    assert "/Subscription/" in answer["Location"]


def test_certificate_that_nobody_knows_is_not_trusted(telling, monkeypatch):
    def untrusted(*args, **kwargs):
        raise ssl.SSLCertVerificationError

    monkeypatch.setattr("records.client.notice.connection", untrusted)
    telling.post()
    telling.run()
    assert Subscription.objects.get().last_error == (
        "The receiver's certificate is not trusted."
    )


def test_worker_that_woke_late_withholds_nothing(telling):
    row = telling.subscribe()
    telling.result()
    tasks.notifying.happening.number_events(subscription_id=row.id, at=telling.now)
    event = notifying.claim_notification(subscription_id=row.id, at=telling.now)
    Notification.objects.update(claims=9)
    notifying.withhold(notification=event, sentence="No.", at=telling.now)
    assert "NOTIFICATION_WITHHELD" not in kinds()


def test_one_that_was_switched_off_while_it_was_told_stays_off(telling):
    row = telling.subscribe()
    telling.result()
    tasks.notifying.happening.number_events(subscription_id=row.id, at=telling.now)
    event = notifying.claim_notification(subscription_id=row.id, at=telling.now)
    bar_subscription(subscription=row, by=telling.ada, at=telling.now)
    taken = Outcome(verdict=Verdict.TAKEN)
    notifying.settle_notification(notification=event, outcome=taken, at=telling.now)
    assert (status(telling), telling.states()) == ("off", ["STOPPED"])
    with pytest.raises(MoveRefused, match="has ended"):
        resend_notification(notification=event, by=telling.ada, at=telling.now)


def test_topic_that_is_no_more_tells_nothing(telling):
    row = telling.subscribe()
    Subscription.objects.update(topic="gone")
    telling.result()
    telling.run()
    row.refresh_from_db()
    assert (topic_of(row).resource, len(telling.told)) == ("Basic", 1)
    assert timezone.now() > row.created_at
