"""A Subscription is read strictly: every reason at once, and nothing lost silently."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.fhir import subscription as written
from records.fhir.received import Refused
from records.fhir.subscribing import CHANNEL, MEMBERS, Limits, read_subscription
from tests.records.fhir.judge import accept
from tests.records.told.telling import IG, RESULT, wanted

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
HOOK = "https://told.example.org/hook"
LIMITS = Limits(
    topics={RESULT: ("screening-result", "QuestionnaireResponse")},
    versions={RESULT: "1"},
    heartbeat_least=60,
    headers_most=2,
)
PERIOD, COUNT = f"{IG}/backport-heartbeat-period", f"{IG}/backport-max-count"


def read(sent, known=()):
    return read_subscription(sent, LIMITS, at=AT, known=known)


def reasons(sent):
    with pytest.raises(Refused) as refused:
        read(sent)
    return [(issue.code, issue.expression) for issue in refused.value.issues]


def test_what_is_asked_for_is_read_whole():
    figures = [
        {"url": PERIOD, "valueUnsignedInt": 3600},
        {"url": COUNT, "valuePositiveInt": 20},
    ]
    found = read(
        wanted(
            HOOK,
            topic=f"{RESULT}|1",
            only="QuestionnaireResponse?patient=Patient/7",
            channel={"header": ["Authorization:  Bearer x "], "extension": figures},
            end="2026-04-01T00:00:00Z",
            meta={"versionId": "1"},
        )
    )
    assert (found.topic, found.resource) == (
        "screening-result",
        "QuestionnaireResponse",
    )
    assert (found.endpoint, found.content, found.patient) == (
        HOOK,
        "id-only",
        "Patient/7",
    )
    assert found.headers == ["Authorization: Bearer x"]
    assert found.figures == {"heartbeat": 3600, "max_count": 20}
    assert found.ends_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert "Bearer" not in repr(found)
    assert read(wanted(HOOK, content="empty")).content == "empty"


def payload(**said):
    return {
        "_payload": {"extension": [{"url": f"{IG}/backport-payload-content", **said}]}
    }


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"status": "entered"}, "value", "status"),
        ({"reason": None}, "required", None),
        ({"reason": "x" * 501}, "too-long", "reason"),
        ({"reason": "half \ud83d"}, "value", "reason"),
        ({"_criteria": {"extension": [{"url": []}]}}, "not-supported", "_criteria"),
        ({"topic": f"{RESULT}s"}, "not-supported", "criteria"),
        ({"topic": f"{RESULT}|2"}, "not-supported", "criteria"),
        ({"topic": "Observation?code=1"}, "not-supported", "criteria"),
        (
            {"only": "QuestionnaireResponse?status=completed"},
            "not-supported",
            "_criteria",
        ),
        ({"only": "Task?patient=Patient/7"}, "not-supported", "_criteria"),
        (
            {"_criteria": {"extension": [{"url": "urn:x"}]}},
            "not-supported",
            "_criteria",
        ),
        ({"_criteria": "Patient/7"}, "structure", "_criteria"),
        ({"_criteria": {"extension": {}}}, "structure", "_criteria"),
        (
            {"_criteria": {"extension": [{"url": written.FILTER}]}},
            "not-supported",
            "_criteria",
        ),
        ({"contact": []}, "not-supported", "contact"),
        ({"end": "2026-01-01T00:00:00Z"}, "value", "end"),
        ({"end": "soon"}, "value", None),
        ({"channel": {"type": "websocket"}}, "not-supported", "channel.type"),
        ({"channel": {"endpoint": 7}}, "value", None),
        (
            {"channel": {"payload": "application/json"}},
            "not-supported",
            "channel.payload",
        ),
        (
            {"channel": payload(valueCode="full-resource")},
            "not-supported",
            "channel.payload",
        ),
        ({"channel": payload(valueCode="all")}, "not-supported", "channel.payload"),
        ({"channel": {"_payload": None}}, "not-supported", "channel.payload"),
        ({"channel": {"secret": "x"}}, "not-supported", "channel.secret"),
        ({"channel": {"header": "Authorization: x"}}, "structure", "channel.header"),
        (
            {"channel": {"header": ["A: 1", "B: 2", "C: 3"]}},
            "structure",
            "channel.header",
        ),
        ({"channel": {"header": ["Authorization"]}}, "value", "channel.header"),
        ({"channel": {"header": [7]}}, "value", "channel.header"),
        ({"channel": {"header": ["A: 1\r\nHost: x"]}}, "value", "channel.header"),
        ({"channel": {"header": ["A: ********"]}}, "value", "channel.header"),
        ({"channel": {"header": [f"A: {'x' * 2000}"]}}, "value", "channel.header"),
        ({"channel": {"header": ["A: 1", "a: 2"]}}, "value", "channel.header"),
        ({"channel": {"header": ["Host: inside"]}}, "not-supported", "channel.header"),
        ({"channel": {"extension": [{"url": "urn:x"}]}}, "not-supported", "channel"),
        ({"channel": {"extension": 1}}, "structure", "channel"),
        *(
            (
                {"channel": {"extension": [{"url": url, name: value}]}},
                "value",
                "channel",
            )
            for url, name, value in (
                (PERIOD, "valueUnsignedInt", 59),
                (PERIOD, "valueInteger", 3600),
                (COUNT, "valuePositiveInt", 0),
                (COUNT, "valuePositiveInt", True),
                (COUNT, "valuePositiveInt", 3_000_000_000),
            )
        ),
        (
            {"channel": {"extension": [{"url": COUNT, "valuePositiveInt": 1}] * 2}},
            "value",
            "channel",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(changes, code, place):
    (found,) = reasons(wanted(HOOK, **changes))
    assert found[0] == code
    assert place is None or found[1] == f"Subscription.{place}"


def test_every_reason_is_said_at_once():
    assert reasons([]) == [("structure", "resourceType")]
    sent = {
        "resourceType": "Subscription",
        "_criteria": {"extension": [{"url": written.FILTER}]},
    }
    assert len(reasons(sent)) >= 6


def test_header_that_comes_back_hidden_is_the_one_that_is_kept():
    known = ["Authorization: Bearer x", "X-Site: north"]
    shown = [written.hidden(one) for one in known]
    assert read(wanted(HOOK, channel={"header": shown}), known).headers == known
    assert read(wanted(HOOK), known).headers == []


def a_subscription(**changes):
    given = {
        "id": UUID(int=1),
        "version": 3,
        "changed_at": AT,
        "status": "active",
        "topic": RESULT,
        "resource": "QuestionnaireResponse",
        "reason": "Results",
        "endpoint": HOOK,
        "headers": [],
        "content": "id-only",
        **changes,
    }
    return written.Subscribed(**given)


def test_what_is_written_is_read_again_as_it_was():
    one = a_subscription(
        patient=UUID(int=7),
        heartbeat=3600,
        timeout=20,
        max_count=5,
        ends_at=datetime(2026, 4, 1, tzinfo=UTC),
        headers=["A: 1"],
    )
    shown = written.subscription(one)
    found = read(shown, ["A: 1"])
    assert (found.patient, found.headers) == (f"Patient/{UUID(int=7)}", ["A: 1"])
    assert found.figures == {"heartbeat": 3600, "timeout": 20, "max_count": 5}
    bare = written.subscription(a_subscription())
    assert {"end", "_criteria", "error"} & set(bare) == set()
    assert {"extension", "header"} & set(bare["channel"]) == set()


@pytest.mark.parametrize("content", ["id-only", "empty"])
def test_others_read_what_is_shown_and_told(content):
    one = a_subscription(
        content=content,
        patient=UUID(int=7),
        heartbeat=3600,
        max_count=5,
        headers=["A: 1"],
        status="error",
        error="The receiver answered 503.",
        ends_at=AT,
    )
    accept(written.subscription(one))
    base, focus = "http://localhost/fhir/R4", UUID(int=9)
    event = written.Happened(number=1, at=AT, resource="Task", focus=focus)
    for kind, events in (("handshake", []), ("event-notification", [event])):
        accept(
            written.notification(
                replace(one, error=one.error if events else ""),
                kind,
                base_url=base,
                bundle_id=str(UUID(int=2)),
                at=AT,
                events=events,
            )
        )


def test_two_events_of_one_thing_are_one_entry():
    events = [
        written.Happened(number=n, at=AT, resource="Task", focus=UUID(int=9))
        for n in (1, 2)
    ]
    made = written.notification(
        a_subscription(status="error", error="It broke."),
        "query-event",
        base_url="http://localhost/fhir/R4",
        bundle_id=str(UUID(int=2)),
        at=AT,
        events=events,
    )
    assert len(made["entry"]) == 2
    names = [one["name"] for one in made["entry"][0]["resource"]["parameter"]]
    assert names[-3:] == ["notification-event", "notification-event", "error"]


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["url", "extension", "valueCode", "valueString", "type"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(MEMBERS)), st.sampled_from(sorted(CHANNEL)), ANYTHING)
@settings(max_examples=150, deadline=None)
def test_whatever_is_sent_is_read_or_refused(member, part, value):
    channel = {**wanted(HOOK)["channel"], part: value}
    for changes in ({member: value}, {"channel": channel}):
        with suppress(Refused):
            assert read({**wanted(HOOK), **changes}).resource
