"""Changing, ending and reading one's own: what counts, what clashes, what stays hidden."""

import dataclasses
import json
from datetime import timedelta

import pytest
from django.db import connection

from core.models import AuditEvent
from records.actions import delete_subscription
from records.api import subscribing, throttles
from records.definitions import api_policy
from records.fhir.subscription import HEARTBEAT
from tests.records.told.telling import HERE, said

pytestmark = pytest.mark.django_db


def issue(answer):
    (found,) = json.loads(answer.content)["issue"]
    return found["code"], found["details"]["text"]


def test_one_that_is_deleted_twice_at_once_is_not_there(telling, monkeypatch):
    row = telling.subscribe()
    find = subscribing.OwnSubscription.find

    def found_late(view, request, resource_id):
        found = find(view, request, resource_id)
        delete_subscription(subscription=found, at=telling.now)
        return found

    monkeypatch.setattr(subscribing.OwnSubscription, "find", found_late)
    assert telling.browser.delete(f"{HERE}/{row.id}").status_code == 404


def test_changes_count_as_requests(telling, monkeypatch):
    row = telling.subscribe()
    known = telling.get(str(row.id))
    policy = dataclasses.replace(api_policy(), fhir_requests_per_minute=1)
    monkeypatch.setattr(throttles, "api_policy", lambda: policy)
    codes = [telling.put(known).status_code for _ in range(4)]
    assert 429 in codes
    codes = [telling.browser.delete(f"{HERE}/{row.id}").status_code for _ in range(3)]
    assert codes[-1] == 429


def test_token_that_is_narrower_than_its_program_learns_no_ids(telling):
    row = telling.subscribe()
    made = telling.result()
    telling.run()
    reads = AuditEvent.objects.filter(kind="RECORD_READ", object_id=str(made.id))
    assert "events" in said(telling.get(f"{row.id}/$events"))
    # On record with the result: its patient can be told who knew of it.
    assert reads.count() == 1
    telling.token.scopes = ["system/Subscription.rs"]
    telling.token.save()
    assert "events" not in said(telling.get(f"{row.id}/$events"))
    assert reads.count() == 1


def test_part_that_was_read_is_not_put_back_for_the_whole(telling):
    end = (telling.now + timedelta(hours=1)).isoformat()
    channel = {"extension": [{"url": HEARTBEAT, "valueUnsignedInt": 60}]}
    row = telling.subscribe(end=end, channel=channel)
    part = telling.get(f"{row.id}?_elements=status")
    assert "end" not in part
    answer = telling.put(part)
    assert (answer.status_code, "SUBSETTED" in issue(answer)[1]) == (422, True)
    row.refresh_from_db()
    assert (row.ends_at is not None, row.heartbeat) == (True, 60)


def test_one_whose_key_is_gone_is_told_of_and_put_right(telling):
    row = telling.subscribe()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_subscription SET endpoint = 'v1.x.gone'")
    shown = telling.get(str(row.id))
    assert "endpoint" not in shown["channel"] or not shown["channel"]["endpoint"]
    assert telling.get("?url=urn:nothing")["total"] == 0
    assert telling.get("$status")["total"] == 1
    telling.get(f"{row.id}/$events")
    answer = telling.put(
        shown, channel={**shown["channel"], "endpoint": telling.receiver.url}
    )
    assert json.loads(answer.content)["status"] == "requested"
    telling.run()
    assert telling.kinds() == ["handshake"] * 2
