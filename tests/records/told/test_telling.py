"""From the request to the notification: greeted first, numbered, ids only, in order."""

import json
from datetime import timedelta

import pytest

from clinicians.models import ReviewEvent
from core.models import AuditEvent
from records.models import Notification, Subscription
from screening.models import Screening
from tests.cast import make_episode, make_flag
from tests.records.rows import make_clinic, make_patient
from tests.records.told.telling import BASE, IG, RESULT, REVIEW, SCOPES, said
from tests.support.receiver import receiving

pytestmark = pytest.mark.django_db


def test_subscriber_is_greeted_and_told_of_each_result_by_its_id(telling):
    answer = telling.post()
    made = json.loads(answer.content)
    assert (answer.status_code, made["status"]) == (201, "requested")
    assert answer["Location"] == f"{BASE}/Subscription/{made['id']}"
    before = telling.result()
    telling.run()
    made_after = telling.result()
    telling.run()
    greeting, told = telling.told
    assert said(greeting) == {
        "subscription": f"{BASE}/Subscription/{made['id']}",
        "topic": RESULT,
        "status": "requested",
        "type": "handshake",
        "events-since-subscription-start": "0",
    }
    event = said(told).pop("events")
    focus = f"{BASE}/QuestionnaireResponse/{made_after.id}"
    assert [(one["event-number"], one["focus"]) for one in event] == [("1", focus)]
    assert said(told)["type"] == "event-notification"
    assert said(told)["status"] == "active"
    assert said(told)["events-since-subscription-start"] == "1"
    assert told["meta"]["profile"] == [f"{IG}/backport-subscription-notification-r4"]
    first, second = told["entry"]
    assert first["request"] == {
        "method": "GET",
        "url": f"{BASE}/Subscription/{made['id']}/$status",
    }
    assert (second["fullUrl"], "resource" in second) == (focus, False)
    _, headers, _ = telling.receiver.got[1]
    assert headers["content-type"] == "application/fhir+json"
    # Nothing of what happened before it was active, and nothing of the patient.
    assert str(before.id) not in json.dumps(telling.told)
    assert str(made_after.screening.patient_id) not in json.dumps(telling.told)
    telling.run(hours=1)
    assert len(telling.told) == 2


def test_each_step_of_a_subscription_is_on_record(telling):
    telling.post()
    telling.run()
    telling.result()
    telling.run()
    kinds = list(AuditEvent.objects.values_list("kind", flat=True))
    for kind in (
        "SUBSCRIPTION_CREATED",
        "SUBSCRIPTION_ACTIVE",
        "NOTIFICATION_ACCEPTED",
    ):
        assert kinds.count(kind) == 1, kind


def test_what_is_put_right_is_a_new_event_with_the_next_number(telling):
    row = telling.subscribe()
    made = telling.result()
    telling.run()
    telling.amend(made)
    telling.run(seconds=1)
    events = [said(one)["events"][0] for one in telling.told[1:]]
    assert [one["event-number"] for one in events] == ["1", "2"]
    assert len({one["focus"] for one in events}) == 1
    row.refresh_from_db()
    assert (row.events, telling.states()) == (2, ["ACCEPTED", "ACCEPTED"])


def test_what_was_entered_in_error_is_told_once_more(telling):
    telling.subscribe()
    made = telling.result()
    telling.run()
    Screening.objects.filter(id=made.screening_id).update(retracted_at=telling.now)
    telling.run(seconds=1)
    telling.run(seconds=1)
    events = [said(one)["events"][0] for one in telling.told[1:]]
    assert [one["event-number"] for one in events] == ["1", "2"]
    assert {one["focus"] for one in events} == {
        f"{BASE}/QuestionnaireResponse/{made.id}"
    }


def test_reviews_are_told_when_they_open_and_go_on(telling):
    telling.subscribe(topic=REVIEW)
    case = make_episode(make_patient(telling.clinic), opened_at=telling.now)
    for kind in ("ACKNOWLEDGED", "NOTE", "CLOSED"):
        ReviewEvent.objects.create(episode=case, kind=kind, at=telling.now)
    made = telling.result()
    for later in (timedelta(), timedelta(seconds=1)):
        make_flag(case, made.screening, raised_at=case.opened_at + later)
    telling.run()
    events = [said(one)["events"][0] for one in telling.told[1:]]
    # A note is for the clinic alone, and a result is another topic's; the flag that
    # opened the case is no event beside that.
    assert [one["focus"] for one in events] == [f"{BASE}/Task/{case.id}"] * 4


def test_empty_content_names_nothing(telling):
    telling.subscribe(content="empty")
    made = telling.result()
    telling.run()
    (event,) = said(telling.told[1])["events"]
    assert set(event) == {"event-number", "timestamp"}
    assert "topic" not in said(telling.told[1])
    assert str(made.id) not in json.dumps(telling.told)
    assert len(telling.told[1]["entry"]) == 1


def test_filter_leaves_one_patient_under_all_their_records(telling):
    mine, other = make_patient(telling.clinic), make_patient(telling.clinic)
    gone = make_patient(telling.clinic)
    gone.merged_into, gone.status = mine, "MERGED"
    gone.save()
    only = f"QuestionnaireResponse?patient=Patient/{mine.id}"
    row = telling.subscribe(only=only)
    theirs = [telling.result(mine), telling.result(gone)]
    telling.result(other)
    telling.run()
    foci = {
        said(one)["events"][0]["focus"].rpartition("/")[2] for one in telling.told[1:]
    }
    assert foci == {str(one.id) for one in theirs}
    shown = telling.get(str(row.id))
    assert shown["_criteria"]["extension"][0]["valueString"] == only


def test_two_subscribers_are_told_apart_and_another_clinic_of_nothing(telling):
    with receiving() as second:
        telling.subscribe()
        telling.subscribe(endpoint=second.url)
        telling.result()
        telling.clinic = make_clinic("South clinic")
        telling.result()
        second.status = 500
        telling.run()
        assert len(telling.told) == 2
        second.status = 204
        telling.run(minutes=1)
        assert (len(telling.told), len(second.got)) == (2, 3)
    one, two = (json.loads(content) for _, _, content in second.got[1:])
    assert one["id"] == two["id"]
    assert Subscription.objects.filter(events=1).count() == 2


def test_header_is_sent_along_and_never_shown(telling, caplog):
    secret = "Authorization: Bearer one-two-three"
    row = telling.subscribe(channel={"header": [secret, "X-Site: north"]})
    _, headers, _ = telling.receiver.got[0]
    assert headers["authorization"] == "Bearer one-two-three"
    assert headers["x-site"] == "north"
    shown = telling.get(str(row.id))
    assert shown["channel"]["header"] == ["Authorization: ********", "X-Site: ********"]
    # What comes back hidden stays what it was.
    answer = telling.put(shown, reason="Another reason")
    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.status, row.reason, row.version) == ("active", "Another reason", 3)
    assert json.loads(row.headers)[0] == secret
    stored = Subscription.objects.filter(id=row.id).values_list("headers", "endpoint")
    kept = str(list(stored)) + caplog.text
    kept += json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert "one-two-three" not in kept
    assert "hook" not in kept


def test_heartbeat_comes_when_nothing_else_does(telling):
    beat = {"url": f"{IG}/backport-heartbeat-period", "valueUnsignedInt": 60}
    telling.subscribe(channel={"extension": [beat]})
    telling.run(seconds=30)
    assert telling.kinds() == ["handshake"]
    telling.run(seconds=31)
    telling.run(seconds=1)
    telling.run(seconds=60)
    assert telling.kinds() == ["handshake", "heartbeat", "heartbeat"]
    assert "events" not in said(telling.told[2])
    assert Notification.objects.filter(kind="heartbeat").count() == 1


def test_log_that_a_program_reads_says_who_was_told_of_whom(telling):
    telling.token.client.scopes = [*SCOPES, "system/AuditEvent.rs"]
    telling.token.client.save()
    telling.token.scopes = telling.token.client.scopes
    telling.token.save()
    telling.subscribe()
    made = telling.result()
    telling.run()
    patient = made.screening.patient_id
    answer = telling.browser.get(f"/fhir/R4/AuditEvent?patient={patient}")
    lines = [one["resource"] for one in json.loads(answer.content)["entry"]]
    assert "audit-notification-accepted" in {one["subtype"][0]["code"] for one in lines}
