"""An administrator sees who is told what, sends again, and switches off and on."""

import pytest
from django.db import connection
from django.urls import reverse

from records.models import Notification, Subscription
from records.workflow.topics import Status
from tests.cast import signed_in
from tests.records.rows import AT, make_patient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_a_moment_ago(monkeypatch):
    monkeypatch.setattr("core.views.is_recent", lambda _request: True)


@pytest.fixture
def ada(telling):
    return signed_in(telling.ada)


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def test_who_is_told_what_is_on_three_pages(telling, ada):
    only = make_patient(telling.clinic)
    end = "2999-01-01T00:00:00Z"
    row = telling.subscribe(
        only=f"QuestionnaireResponse?patient=Patient/{only.id}", end=end
    )
    telling.result(only)
    telling.run()
    host = telling.receiver.url.split("/")[2]
    for page in (
        url("connections"),
        url("client", row.client_id),
        url("subscription", row.id),
    ):
        shown = text(ada.get(page))
        for word in ("A screening result was completed", "Lab system", host, "In use."):
            assert word in shown, (page, word)
        assert "hook" not in shown
        assert str(only.id) not in shown
    shown = text(ada.get(url("subscription", row.id)))
    for word in ("of one patient only", "Ids only", "Until", "Accepted"):
        assert word in shown


def test_event_that_was_given_up_is_told_again_from_its_page(telling, ada):
    row = telling.subscribe()
    telling.receiver.status = 410
    telling.result()
    telling.run()
    shown = text(ada.get(url("subscription", row.id)))
    assert "The receiver answered 410. Tried once." in shown
    stuck = Notification.objects.get(state="REFUSED")
    again = url("tell-again", stuck.id)
    assert again in shown
    assert "It is told again." in text(ada.post(again, follow=True))
    telling.receiver.status = 204
    telling.run(seconds=1)
    assert telling.states() == ["ACCEPTED"]
    assert "has this already" in text(ada.post(again, follow=True))


def test_one_in_error_stands_on_every_page_until_it_is_greeted(telling, ada):
    row = telling.subscribe()
    Subscription.objects.update(
        status="error", last_error="The receiver was not reached.", retry_at=AT
    )
    home = text(ada.get(reverse("clinicians:team")))
    assert "cannot be told of results or reviews as it asked" in home
    shown = text(ada.get(url("subscription", row.id)))
    assert "The program cannot be told" in shown
    assert "The next try is" in shown
    ada.post(url("subscription-on", row.id))
    telling.run()
    row.refresh_from_db()
    assert row.status == Status.ACTIVE
    home = text(ada.get(reverse("clinicians:team")))
    assert "as it asked" not in home


def test_one_is_switched_off_and_on(telling, ada):
    row = telling.subscribe()
    shown = text(ada.post(url("subscription-off", row.id), follow=True))
    assert "is told nothing more of this" in shown
    assert "Switched off by the clinic" in shown
    shown = text(ada.post(url("subscription-on", row.id), follow=True))
    assert "Waits for the receiver to answer the first greeting." in shown
    telling.put(telling.get(str(row.id)), status="off")
    assert "Off: the program ended it" in text(ada.get(url("subscription", row.id)))


def test_what_cannot_be_read_is_shown_as_that_and_can_be_ended(telling, ada):
    row, other = telling.subscribe(), telling.subscribe()
    # What seals one row opens no other.
    table, key = Subscription._meta.db_table, Subscription._meta.pk
    ids = [key.get_db_prep_value(one.id, connection) for one in (other, row)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET endpoint = (SELECT endpoint FROM {table} "  # noqa: S608
            "WHERE id = %s) WHERE id = %s",
            ids,
        )
    assert "cannot be read" in text(ada.get(url("connections")))
    ada.post(url("subscription-off", row.id))
    assert Subscription.objects.filter(status=Status.OFF).get().id == row.id


def test_deleted_program_can_neither_be_greeted_nor_switched_off(
    telling, ada, monkeypatch
):
    row = telling.subscribe()
    telling.token.client.active = False
    telling.token.client.save()
    page = ada.post(url("subscription-on", row.id), follow=True)
    assert "This program is disconnected." in text(page)
    monkeypatch.setattr(
        "records.views.subscriptions._the_one", lambda *args: row, raising=True
    )
    Subscription.objects.update(deleted_at=AT)
    page = ada.post(url("subscription-off", row.id))
    assert page.status_code == 302
