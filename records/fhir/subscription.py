"""A subscription, its status, and what a subscriber is told: R4, as the Backport has it.

Ids only: no notification says anything of anybody's health, whatever it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from records.fhir import parts

_BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport"
_PROFILES = f"{_BACKPORT}/StructureDefinition"
PROFILE = f"{_PROFILES}/backport-subscription"
STATUS_PROFILE = f"{_PROFILES}/backport-subscription-status-r4"
NOTIFICATION_PROFILE = f"{_PROFILES}/backport-subscription-notification-r4"
CONTENT = f"{_PROFILES}/backport-payload-content"
FILTER = f"{_PROFILES}/backport-filter-criteria"
HEARTBEAT = f"{_PROFILES}/backport-heartbeat-period"
TIMEOUT = f"{_PROFILES}/backport-timeout"
MAX_COUNT = f"{_PROFILES}/backport-max-count"
TOPIC = f"{_PROFILES}/capabilitystatement-subscriptiontopic-canonical"
OPERATIONS = (
    ("status", f"{_BACKPORT}/OperationDefinition/backport-subscription-status"),
    ("events", f"{_BACKPORT}/OperationDefinition/backport-subscription-events"),
)
FHIR_JSON = "application/fhir+json"
REST_HOOK = "rest-hook"
EMPTY, ID_ONLY = "empty", "id-only"
# Stands for what a header says: it may be a password, and is never shown again.
HIDDEN = "********"
QUERY_STATUS, QUERY_EVENT = "query-status", "query-event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A subscription as a client sees it."""

    id: UUID
    version: int
    changed_at: datetime
    status: str
    topic: str
    resource: str
    reason: str
    endpoint: str
    headers: Sequence[str]
    content: str
    patient: UUID | None = None
    heartbeat: int | None = None
    timeout: int | None = None
    max_count: int | None = None
    ends_at: datetime | None = None
    error: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event: its number, when it was, and what it was about."""

    number: int
    at: datetime
    resource: str
    focus: UUID


def subscription(one: Subscribed) -> parts.Json:
    """As a client reads it. Of a header its name is told, and no more."""
    chosen = [(HEARTBEAT, "valueUnsignedInt", one.heartbeat)]
    chosen.append((TIMEOUT, "valueUnsignedInt", one.timeout))
    chosen.append((MAX_COUNT, "valuePositiveInt", one.max_count))
    only = f"{one.resource}?patient=Patient/{one.patient}" if one.patient else ""
    narrowed = {"extension": [{"url": FILTER, "valueString": only}]} if only else None
    return parts.present(
        resourceType="Subscription",
        id=str(one.id),
        meta={
            "versionId": str(one.version),
            "lastUpdated": parts.instant(one.changed_at),
            "profile": [PROFILE],
        },
        status=one.status,
        end=parts.instant(one.ends_at) if one.ends_at else None,
        reason=one.reason,
        criteria=one.topic,
        _criteria=narrowed,
        error=one.error or None,
        channel=parts.present(
            extension=[
                {"url": url, name: value} for url, name, value in chosen if value
            ],
            type=REST_HOOK,
            endpoint=one.endpoint,
            payload=FHIR_JSON,
            _payload={"extension": [{"url": CONTENT, "valueCode": one.content}]},
            header=[hidden(header) for header in one.headers],
        ),
    )


def hidden(header: str) -> str:
    """A header without what it says."""
    return f"{header.partition(':')[0]}: {HIDDEN}"


def status(
    one: Subscribed,
    kind: str,
    *,
    base_url: str,
    parameters_id: str,
    events: Sequence[Happened] = (),
) -> parts.Json:
    """What R5 calls a SubscriptionStatus, as Parameters.

    Of an empty notification neither topic nor focus is told.
    """
    told = one.content != EMPTY
    address = f"{base_url}/Subscription/{one.id}"
    named: list[parts.Json] = [
        {"name": "subscription", "valueReference": {"reference": address}}
    ]
    if told:
        named.append({"name": "topic", "valueCanonical": one.topic})
    named += [
        {"name": "status", "valueCode": one.status},
        {"name": "type", "valueCode": kind},
        {"name": "events-since-subscription-start", "valueString": str(one.events)},
    ]
    named += [_event(each, base_url, told=told) for each in events]
    if one.error and one.status == "error":
        named.append({"name": "error", "valueCodeableConcept": {"text": one.error}})
    return {
        "resourceType": "Parameters",
        "id": parameters_id,
        "meta": {"profile": [STATUS_PROFILE]},
        "parameter": named,
    }


def _event(each: Happened, base_url: str, *, told: bool) -> parts.Json:
    said: list[parts.Json] = [
        {"name": "event-number", "valueString": str(each.number)},
        {"name": "timestamp", "valueInstant": parts.instant(each.at)},
    ]
    if told:
        address = f"{base_url}/{each.resource}/{each.focus}"
        said.append({"name": "focus", "valueReference": {"reference": address}})
    return {"name": "notification-event", "part": said}


def notification(
    one: Subscribed,
    kind: str,
    *,
    base_url: str,
    bundle_id: str,
    at: datetime,
    events: Sequence[Happened] = (),
) -> parts.Json:
    """The bundle that a subscriber gets, or reads by $events.

    An entry for a focus holds no resource: how to get it, for whoever may.
    """
    first = status(one, kind, base_url=base_url, parameters_id=bundle_id, events=events)
    entry: list[parts.Json] = [
        {
            "fullUrl": f"urn:uuid:{bundle_id}",
            "resource": first,
            "request": {
                "method": "GET",
                "url": f"{base_url}/Subscription/{one.id}/$status",
            },
            "response": {"status": "200"},
        }
    ]
    if one.content != EMPTY:
        foci = {f"{each.resource}/{each.focus}": None for each in events}
        entry += [_focus(place, base_url) for place in foci]
    return {
        "resourceType": "Bundle",
        "id": bundle_id,
        "meta": {"profile": [NOTIFICATION_PROFILE]},
        "type": "history",
        "timestamp": parts.instant(at),
        "entry": entry,
    }


def _focus(place: str, base_url: str) -> parts.Json:
    return {
        "fullUrl": f"{base_url}/{place}",
        "request": {"method": "GET", "url": place},
        "response": {"status": "200"},
    }
