"""What a client may ask for over the API, what it finds again, and what is refused."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from records.models import Notification, Subscription
from tests.records.conftest import make_token, showing
from tests.records.rows import make_clinic, make_patient
from tests.records.told.telling import (
    FILTER,
    HERE,
    RESULT,
    REVIEW,
    SCOPES,
    said,
    shorter,
    wanted,
)

pytestmark = pytest.mark.django_db


def issue(answer):
    (found,) = json.loads(answer.content)["issue"]
    return found["code"], found["details"]["text"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://told.example.org/hook",
        "https://10.0.0.7/hook",
        "https://[::1]/hook",
        "https://169.254.169.254/latest",
        "https://inside/hook",
        "https://user:password@told.example.org/",
        "ftp://told.example.org",
    ],
)
def test_no_subscription_leads_into_the_network(telling, settings, endpoint):
    settings.WEBHOOK_LOOPBACK = False
    settings.RECORDS_HOSTS = ["10.0.0.7"]
    answer = telling.post(endpoint=endpoint)
    assert answer.status_code == 422
    place = json.loads(answer.content)["issue"][0]["expression"]
    assert place == ["Subscription.channel.endpoint"]
    assert not Subscription.objects.exists()


def test_topic_needs_the_scope_of_what_it_is_about(clinic):
    cases = {
        ("system/Subscription.c",): (403, "QuestionnaireResponse.r"),
        ("system/QuestionnaireResponse.rs",): (403, "Subscription.c"),
        ("system/Subscription.c", "system/QuestionnaireResponse.rs"): (
            403,
            "Subscription.r",
        ),
    }
    for number, (scopes, (code, told)) in enumerate(cases.items()):
        token = make_token(clinic, list(scopes), name=f"Program {number}")
        sent = wanted("https://told.example.org/")
        answer = showing(vars(token)["secret"]).post(HERE, sent, format="json")
        assert (answer.status_code, told in issue(answer)[1]) == (code, True), scopes


def test_full_resource_and_strange_patients_are_refused(telling):
    assert telling.post(content="full-resource").status_code == 422
    stranger = make_patient(make_clinic("South clinic"))
    answer = telling.post(only=f"QuestionnaireResponse?patient=Patient/{stranger.id}")
    assert issue(answer)[0] == "not-found"
    answer = telling.post(only="QuestionnaireResponse?patient=nobody")
    assert issue(answer)[0] == "not-found"


def test_new_one_is_requested_and_there_are_so_many_of_one_program(
    telling, monkeypatch
):
    shorter(monkeypatch, most_of_a_client=1)
    assert issue(telling.post(status="off"))[0] == "business-rule"
    assert telling.post(status="active").status_code == 201
    assert issue(telling.post()) == (
        "business-rule",
        "A program has 1 subscriptions at most: delete one first.",
    )


def test_each_program_finds_its_own_alone(telling, clinic):
    row = telling.subscribe()
    telling.post(topic=REVIEW)
    endpoint = quote(telling.receiver.url)
    found = telling.get(f"?status=active&criteria={RESULT}&url={endpoint}")
    assert [one["resource"]["id"] for one in found["entry"]] == [str(row.id)]
    assert telling.get("?_lastUpdated=ge2026-01-01")["total"] == 2
    assert telling.get("?criteria=urn:nothing")["total"] == 0
    assert telling.get("?url=urn:nothing")["total"] == 0
    other = showing(make_token(clinic, SCOPES, name="Other program").secret)
    assert json.loads(other.get(HERE).content)["total"] == 0
    for path in (str(row.id), f"{row.id}/$status", f"{row.id}/$events", "not-an-id"):
        assert other.get(f"{HERE}/{path}").status_code == 404, path
    sent = {**wanted(telling.receiver.url), "id": str(row.id)}
    assert other.put(f"{HERE}/{row.id}", sent, format="json").status_code == 404
    assert other.delete(f"{HERE}/{row.id}").status_code == 404


def test_read_has_an_etag_that_a_change_is_held_against(telling):
    row = telling.subscribe()
    answer = telling.browser.get(f"{HERE}/{row.id}")
    known = json.loads(answer.content)
    assert answer["ETag"] == 'W/"2"'
    sent, url = {**known, "reason": "Other"}, f"{HERE}/{row.id}"

    def put(match):
        return telling.browser.put(url, sent, format="json", HTTP_IF_MATCH=match)

    assert put('W/"1"').status_code == 412
    assert put("once").status_code == 412
    (told,) = json.loads(put('W/"1"').content)["issue"]
    assert (told["code"], told["expression"]) == ("conflict", ["http.If-Match"])
    assert (put('W/"2"').status_code, put('W/"2"').status_code) == (200, 412)
    sent["id"] = "another"
    assert put('W/"3"').status_code == 422


def test_change_of_where_it_leads_is_greeted_before_anything_is_told(telling):
    row = telling.subscribe()
    known = telling.get(str(row.id))
    moved = {**known["channel"], "endpoint": f"{telling.receiver.url}&b=2"}
    answer = telling.put(known, channel=moved)
    assert json.loads(answer.content)["status"] == "requested"
    telling.result()
    telling.run()
    telling.run(seconds=1)
    assert telling.kinds() == ["handshake", "handshake", "event-notification"]
    assert [path for path, _, _ in telling.receiver.got][1:] == ["/hook?a=1&b=2"] * 2


def test_off_stops_what_is_owed_and_what_happens_then_is_not_told(telling):
    row = telling.subscribe()
    telling.receiver.status = 500
    telling.result()
    telling.run()
    known = telling.get(str(row.id))
    assert telling.put(known, status="off").status_code == 200
    telling.result()
    telling.receiver.status = 204
    telling.run(minutes=5)
    assert (telling.states(), len(telling.told)) == (["STOPPED"], 2)
    assert telling.put(known, status="active").status_code == 200
    telling.run()
    telling.result()
    telling.run(seconds=1)
    # Numbers go on: who keeps count sees that one is missing.
    assert said(telling.told[-1])["events"][0]["event-number"] == "2"


def test_deleted_one_is_forgotten_and_tells_nothing(telling):
    row = telling.subscribe()
    assert telling.browser.delete(f"{HERE}/{row.id}").status_code == 204
    telling.result()
    telling.run(minutes=1)
    row.refresh_from_db()
    assert (len(telling.told), row.endpoint, row.reason) == (1, "", "")
    assert telling.browser.get(f"{HERE}/{row.id}").status_code == 404


def test_status_and_missed_events_can_be_asked_for(telling, monkeypatch):
    row = telling.subscribe()
    telling.receiver.status = 500
    made = [telling.result() for _ in range(3)]
    telling.run()
    missed = said(telling.get(f"{row.id}/$events?eventsSinceNumber=2"))
    assert missed["type"] == "query-event"
    assert [one["event-number"] for one in missed["events"]] == ["2", "3"]
    foci = {one["focus"].rpartition("/")[2] for one in missed["events"]}
    assert foci <= {str(one.id) for one in made}
    shorter(monkeypatch, events_page=1)
    one = said(telling.get(f"{row.id}/$events?eventsUntilNumber=2"))["events"]
    assert [each["event-number"] for each in one] == ["1"]
    stands = telling.get("$status")
    (status,) = stands["entry"]
    assert status["search"] == {"mode": "match"}
    named = {one["name"]: one for one in status["resource"]["parameter"]}
    assert named["events-since-subscription-start"]["valueString"] == "3"
    assert named["type"]["valueCode"] == "query-status"
    assert telling.get("$status?status=off")["total"] == 0
    assert telling.get(f"$status?id={row.id}&id=x")["total"] == 1
    by_post = {
        "resourceType": "Parameters",
        "parameter": [{"name": "eventsSinceNumber", "valueString": "3"}],
    }
    url = f"{HERE}/{row.id}/$events"
    answer = telling.browser.post(url, by_post, format="json")
    assert len(said(json.loads(answer.content))["events"]) == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("$events?eventsSinceNumber=one", 400),
        ("$events?colour=red", 400),
        ("$status?colour=red", 400),
    ],
)
def test_operation_refuses_what_it_does_not_know(telling, path, code):
    row = telling.subscribe()
    assert telling.browser.get(f"{HERE}/{row.id}/{path}").status_code == code


def test_operations_by_post_are_read_strictly(telling):
    row = telling.subscribe()
    url = f"{HERE}/{row.id}/$events"
    assert telling.browser.get(f"{HERE}/$status?status=asleep").status_code == 400
    wrong: list[Any] = [[{"name": "content"}], ["x"], {}, [{"valueString": "1"}]]
    for parameter in wrong:
        sent = {"resourceType": "Parameters", "parameter": parameter}
        answer = telling.browser.post(url, sent, format="json")
        assert answer.status_code == 422, parameter


def test_statement_names_the_topics(client, telling):
    statement = json.loads(client.get("/fhir/R4/metadata").content)
    (one,) = (
        each
        for each in statement["rest"][0]["resource"]
        if each["type"] == "Subscription"
    )
    named = FILTER.replace(
        "backport-filter-criteria", "capabilitystatement-subscriptiontopic-canonical"
    )
    assert one["extension"] == [
        {"url": named, "valueCanonical": url} for url in (RESULT, REVIEW)
    ]
    assert {each["name"] for each in one["operation"]} == {"status", "events"}


def test_ends_long_ago_is_refused_and_later_is_kept(telling):
    past = (telling.now - timedelta(days=1)).isoformat()
    assert telling.post(end=past).status_code == 422
    later = (telling.now + timedelta(days=1)).isoformat()
    made = json.loads(telling.post(end=later).content)
    assert made["end"].endswith("Z")
    assert Notification.objects.get().kind == "handshake"
    # On the last day that there is, it would be tomorrow in Tokyo.
    assert telling.post(end="9999-12-31T23:59:59Z").status_code == 422
