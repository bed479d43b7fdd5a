"""Subscriptions and their events as FHIR tells them, as far as a client may know."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from core.crypto import CannotRead
from records.definitions import subscription_rules
from records.fhir.subscribing import Limits
from records.fhir.subscription import Happened, Subscribed
from records.models import Notification, Subscription
from records.presenters.naming import Naming
from records.presenters.sheets import finished_rows
from records.workflow.topics import Topic
from screening.models import Episode

T = TypeVar("T")


def limits(naming: Naming) -> Limits:
    """What there is to subscribe to, as this server names it."""
    rules = subscription_rules()
    topics = {one.url(naming.base): one for one in rules.topics.values()}
    return Limits(
        topics={url: (one.id, one.resource) for url, one in topics.items()},
        versions={url: one.version for url, one in topics.items()},
        heartbeat_least=rules.heartbeat_least,
        headers_most=rules.headers_most,
    )


def topic_urls(naming: Naming) -> tuple[str, ...]:
    """The canonical address of each topic."""
    topics = subscription_rules().topics.values()
    return tuple(topic.url(naming.base) for topic in topics)


def topic_of(row: Subscription) -> Topic:
    """Its topic; one that is no more in the data stands for itself, and fires never."""
    known = subscription_rules().topics.get(row.topic)
    return known or Topic(
        id=row.topic, version="", title=row.topic, resource="Basic", on=frozenset()
    )


def headers_of(row: Subscription) -> list[str]:
    """What the client wants to be sent along; it may hold a password."""
    kept: list[str] = json.loads(row.headers) if row.headers else []
    return kept


def legible(read: Callable[[], T], otherwise: T) -> T:
    """What is sealed; where its key is gone, the rest can still be told and put right."""
    try:
        return read()
    except CannotRead:
        return otherwise


def subscribed(row: Subscription, naming: Naming) -> Subscribed:
    """The values of one, for whoever made it."""
    topic = topic_of(row)
    return Subscribed(
        id=row.id,
        version=row.version,
        changed_at=row.changed_at,
        status=row.status,
        topic=topic.url(naming.base),
        resource=topic.resource,
        reason=legible(lambda: row.reason, ""),
        endpoint=legible(lambda: row.endpoint, ""),
        headers=legible(lambda: headers_of(row), []),
        content=row.content,
        patient=row.patient_id,
        heartbeat=row.heartbeat,
        timeout=row.timeout,
        max_count=row.max_count,
        ends_at=row.ends_at,
        error=row.last_error,
        events=row.events,
    )


def happened(rows: Iterable[Notification]) -> list[Happened]:
    """Events as they are told. Whatever has no focus is none."""
    return [
        Happened(
            number=row.number, at=row.caused_at, resource=row.resource, focus=row.focus
        )
        for row in rows
        if row.focus is not None
    ]


def still_there(
    row: Subscription, events: Sequence[Notification]
) -> list[Notification]:
    """Those whose focus the client could read now, by the rows; two queries at most.

    A result that was taken back, a screening that was withdrawn, and what came to belong
    to nobody of this clinic are as if they had not been.
    """
    foci: dict[str, set[UUID]] = {}
    for event in events:
        if event.focus is not None:
            foci.setdefault(event.resource, set()).add(event.focus)
    there: set[tuple[str, UUID]] = set()
    if sheets := foci.get("QuestionnaireResponse"):
        finished = finished_rows(row.clinic).filter(id__in=sheets).order_by()
        ids = finished.values_list("id", flat=True)
        there |= {("QuestionnaireResponse", one) for one in ids}
    if cases := foci.get("Task"):
        known = Episode.objects.filter(clinic=row.clinic, id__in=cases)
        there |= {("Task", one) for one in known.values_list("id", flat=True)}
    return [one for one in events if (one.resource, one.focus) in there]
