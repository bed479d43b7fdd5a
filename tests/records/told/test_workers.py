"""Workers that die, wake late, or meet: no event is told twice at once or lost."""

import types
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit import Actor
from core.crypto import CannotRead
from core.models import AuditEvent
from records.actions import (
    bar_subscription,
)
from records.models import Notification, Subscription
from records.outbox import happening, notifying
from records.outbox.happening import number_events
from records.outbox.notifying import resend_notification
from records.tasks import notifying as sender
from records.workflow import MoveRefused, Outcome, State, Verdict
from screening.models import Administration
from tests.records.told.telling import said

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")


def claimed(row, telling):
    """The next event, as the worker that has to send it has it."""
    number_events(subscription_id=row.id, at=telling.now)
    event = notifying.claim_notification(subscription_id=row.id, at=telling.now)
    assert event is not None
    return event


def status(telling):
    return Subscription.objects.get().status


def kinds():
    return list(AuditEvent.objects.order_by("seq").values_list("kind", flat=True))


def test_worker_that_died_is_followed_and_one_that_woke_settles_nothing(telling):
    row = telling.subscribe()
    telling.result()
    dead = claimed(row, telling)
    again = notifying.claim_notification(subscription_id=row.id, at=telling.now)
    assert again is None
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
    number_events(subscription_id=row.id, at=telling.now)
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
    monkeypatch.setattr(happening, "number_events", gone)
    assert telling.run() is False
    assert "failed" in caplog.text


def test_worker_that_woke_late_withholds_nothing(telling):
    row = telling.subscribe()
    telling.result()
    event = claimed(row, telling)
    Notification.objects.update(claims=9)
    notifying.withhold(notification=event, sentence="No.", at=telling.now)
    assert "NOTIFICATION_WITHHELD" not in kinds()


def test_one_that_was_switched_off_while_it_was_told_stays_off(telling):
    row = telling.subscribe()
    telling.result()
    event = claimed(row, telling)
    bar_subscription(subscription=row, by=telling.ada, at=telling.now)
    taken = Outcome(verdict=Verdict.TAKEN)
    notifying.settle_notification(notification=event, outcome=taken, at=telling.now)
    assert (status(telling), telling.states()) == ("off", ["STOPPED"])
    with pytest.raises(MoveRefused, match="has ended"):
        resend_notification(notification=event, by=telling.ada, at=telling.now)


def test_what_was_committed_late_is_told_with_a_later_number(telling):
    telling.subscribe()
    telling.run(minutes=10)
    telling.result()
    telling.run()
    late = telling.result()
    Administration.objects.filter(id=late.id).update(
        completed_at=telling.now - timedelta(minutes=5)
    )
    telling.run(minutes=1)
    focus = said(telling.told[-1])["events"][0]
    assert (focus["event-number"], focus["focus"].endswith(str(late.id))) == ("2", True)


def test_idle_subscription_costs_a_round_the_same_few_queries(
    telling, django_assert_num_queries
):
    telling.subscribe()
    for _ in range(3):
        telling.result()
    telling.run()
    with django_assert_num_queries(11):
        sender.tick(lambda: telling.now)


@pytest.mark.parametrize("verdict", [Verdict.TAKEN, Verdict.PASSING])
def test_what_was_under_way_to_the_old_address_greets_nobody_at_the_new(
    telling, verdict
):
    row = telling.subscribe()
    telling.result()
    event = claimed(row, telling)
    known = telling.get(str(row.id))
    moved = {**known["channel"], "endpoint": f"{telling.receiver.url}&b=2"}
    assert telling.put(known, channel=moved).status_code == 200
    notifying.settle_notification(
        notification=event, outcome=Outcome(verdict=verdict), at=telling.now
    )
    row.refresh_from_db()
    assert (row.status, row.failures, row.retry_at) == ("requested", 0, None)
    telling.run()
    assert (status(telling), telling.kinds()) == ("active", ["handshake"] * 2)
    done = verdict is Verdict.TAKEN
    assert kinds().count("NOTIFICATION_ACCEPTED") == int(done)


def test_telling_again_holds_the_subscription_first_as_switching_off_does(telling):
    row = telling.subscribe()
    telling.receiver.status = 400
    telling.result()
    telling.run()
    assert telling.states() == ["REFUSED"]
    event = Notification.objects.get(number=1)
    with CaptureQueriesContext(connection) as queries:
        resend_notification(notification=event, by=telling.ada, at=telling.now)
    found = [one["sql"] for one in queries if one["sql"].startswith("SELECT")]
    assert f'FROM "{Subscription._meta.db_table}"' in found[0]
    assert (telling.states(), row.status) == (["DUE"], "active")


def test_all_of_them_together_do_not_keep_results_waiting(telling, monkeypatch):
    first = telling.subscribe()
    second = telling.subscribe(endpoint=f"{telling.receiver.url}&b=2")
    assert notifying.listening() == [first, second]
    telling.result()
    # The one that was told longest ago has its turn; then the time is over.
    ticks = iter([0.0, 0.0, 0.0, 0.0, 1.0, 99.0])
    clock = types.SimpleNamespace(monotonic=lambda: next(ticks, 99.0))
    monkeypatch.setattr(sender, "time", clock)
    monkeypatch.setattr(sender, "_try", lambda row, at: Outcome(verdict=Verdict.TAKEN))
    assert sender.tick(lambda: telling.now) is True
    told = Notification.objects.filter(kind="event-notification")
    assert [one.subscription for one in told] == [first]
    monkeypatch.undo()
    assert notifying.listening() == [second, first]
    telling.run()
    assert told.filter(state="ACCEPTED").count() == 2
