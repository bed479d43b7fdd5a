"""$status and $events: how a subscription stands, and what a client has missed."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from records.actions import note_listing
from records.api.base import base_url, token_of
from records.api.kinds.subscriptions import own_rows
from records.api.params import SearchRefused, read_uuid
from records.api.parsing import StrictFhirJson, StrictJson
from records.api.subscribing import OwnSubscription
from records.definitions import subscription_rules
from records.fhir import subscription as written
from records.fhir.bundle import searchset
from records.fhir.received import Issue, Refused, check_type
from records.models import Notification, Subscription
from records.outbox.happening import may_hear
from records.outbox.notifying import ABOUT
from records.permissions import covers
from records.presenters import Naming
from records.presenters.subscribed import happened, still_there, subscribed
from records.workflow.topics import Status

Given = list[tuple[str, str]]
LARGEST = 2_000_000_000
ODD = Issue(
    "structure",
    "A parameter needs its name and its value.",
    "Parameters.parameter",
)


class _Operation(OwnSubscription):
    """By GET, or by POST with Parameters: it changes nothing."""

    interaction = "read"
    parser_classes = [StrictFhirJson, StrictJson]
    known: tuple[str, ...] = ()

    def read(self, pairs: Given) -> dict[str, list[str]]:
        """By name, what was said; raises SearchRefused for what is not known."""
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            if name not in self.known:
                raise SearchRefused(name, f"is not known here; {self.known} are")
            found.setdefault(name, []).append(value)
        return found

    def asked(self, request: Request) -> dict[str, list[str]]:
        query = request.query_params
        pairs = [
            (name, one)
            for name, values in query.lists()
            for one in values
            if name != "_format"
        ]
        if request.method == "POST":
            pairs += _parameters(request.data)
        return self.read(pairs)


def _parameters(resource: object) -> Given:
    found = check_type(resource, "Parameters").get("parameter", [])
    if not isinstance(found, list):
        raise Refused(ODD)
    return [_pair(one) for one in found]


def _pair(one: Any) -> tuple[str, str]:
    if not isinstance(one, dict) or not isinstance(one.get("name"), str):
        raise Refused(ODD)
    value = next((one[key] for key in one if key.startswith("value")), None)
    if not isinstance(value, str | int):
        raise Refused(ODD)
    return one["name"], str(value)


class SubscriptionStatus(_Operation):
    """How one stands."""

    known = ("id", "status")

    def get(self, request: Request, resource_id: str) -> Response:
        self.asked(request)
        return _stands([self.find(request, resource_id)], request)

    def post(self, request: Request, resource_id: str) -> Response:
        return self.get(request, resource_id)


class SubscriptionsStatus(_Operation):
    """How all of a client's own stand, or those that it names."""

    known = ("id", "status")

    def get(self, request: Request) -> Response:
        asked = self.asked(request)
        rows = own_rows(self.asking(request))
        if "id" in asked:
            ids = [one for one in map(read_uuid, asked["id"]) if one]
            rows = rows.filter(id__in=ids)
        if "status" in asked:
            if not set(asked["status"]) <= set(Status):
                raise SearchRefused("status", f"takes one of {', '.join(Status)}")
            rows = rows.filter(status__in=asked["status"])
        return _stands(list(rows), request)

    def post(self, request: Request) -> Response:
        return self.get(request)


def _stands(rows: Sequence[Subscription], request: Request) -> Response:
    naming = Naming(base_url())
    told = [
        written.status(
            subscribed(row, naming),
            written.QUERY_STATUS,
            base_url=naming.base,
            parameters_id=str(row.id),
        )
        for row in rows
    ]
    note_listing(
        token=token_of(request),
        resource="Subscription",
        object_type="Subscription",
        object_ids=[row.id for row in rows],
        at=timezone.now(),
    )
    here = f"{base_url()}/Subscription/$status"
    return Response(
        searchset(told, base_url=base_url(), self_url=here, total=len(told))
    )


class SubscriptionEvents(_Operation):
    """What happened, by number; as much of it as the client may know now."""

    known = ("eventsSinceNumber", "eventsUntilNumber", "content")

    def get(self, request: Request, resource_id: str) -> Response:
        row, asked = self.find(request, resource_id), self.asked(request)
        since = _number(asked, "eventsSinceNumber", 1)
        until = _number(asked, "eventsUntilNumber", LARGEST)
        rows = Notification.objects.filter(
            subscription=row,
            kind=Notification.Kind.EVENT,
            number__gte=since,
            number__lte=until,
        ).order_by("number")
        events = list(rows[: subscription_rules().events_page])
        granted = token_of(request).granted
        known = [
            one
            for one in events
            if may_hear(row, one.resource) and covers(granted, one.resource, "r")
        ]
        told = still_there(row, known)
        self._note(request, row, told)
        naming = Naming(base_url())
        return Response(
            written.notification(
                subscribed(row, naming),
                written.QUERY_EVENT,
                base_url=naming.base,
                bundle_id=str(uuid.uuid4()),
                at=timezone.now(),
                events=happened(told),
            )
        )

    def post(self, request: Request, resource_id: str) -> Response:
        return self.get(request, resource_id)

    def _note(
        self, request: Request, row: Subscription, told: Sequence[Notification]
    ) -> None:
        """With what each event is of, where that is told: it says that there is one."""
        read: dict[str, dict[uuid.UUID, None]] = {"Subscription": {row.id: None}}
        for one in told if row.content != written.EMPTY else ():
            if one.focus is not None:
                read.setdefault(ABOUT[one.resource], {})[one.focus] = None
        for object_type, ids in read.items():
            note_listing(
                token=token_of(request),
                resource="Subscription",
                object_type=object_type,
                object_ids=list(ids),
                at=timezone.now(),
            )


def _number(asked: dict[str, list[str]], name: str, otherwise: int) -> int:
    value = asked.get(name, [str(otherwise)])[-1]
    if not value.isdecimal() or not value.isascii() or len(value) > 10:
        raise SearchRefused(name, "takes the number of an event, such as 7")
    return min(int(value), LARGEST)
