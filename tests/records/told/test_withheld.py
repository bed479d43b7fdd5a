"""Who is not told: programs that may not know any more, and what nobody may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.audit import Actor
from core.models import AuditEvent
from records.actions import (
    SubscriptionRefused,
    allow_subscription,
    bar_subscription,
    revoke_client,
)
from records.models import Notification, Subscription
from records.presenters.subscribed import topic_of
from records.tasks import notifying as sender
from screening.models import Screening
from tests.cast import make_episode
from tests.records.rows import make_patient
from tests.records.told.telling import REVIEW, said

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")


def status(telling):
    return Subscription.objects.get().status


def kinds():
    return list(AuditEvent.objects.order_by("seq").values_list("kind", flat=True))


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


def test_client_whose_program_sends_without_reading_gets_an_address_alone(telling):
    telling.token.scopes = ["system/Subscription.cu", "system/QuestionnaireResponse.r"]
    telling.token.save()
    answer = telling.post()
    assert (answer.status_code, answer.content) == (201, b"")
    assert "/Subscription/" in answer["Location"]


def test_topic_that_is_no_more_tells_nothing(telling):
    row = telling.subscribe()
    Subscription.objects.update(topic="gone")
    telling.result()
    telling.run()
    row.refresh_from_db()
    assert (topic_of(row).resource, len(telling.told)) == ("Basic", 1)
    assert timezone.now() > row.created_at
