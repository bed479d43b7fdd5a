"""Finds what happened that a subscriber is to be told, and gives each event its number.

Rows are the truth: scores, cases, flags and what was done about them are read here, and
nothing is called from where they are written. What has a number keeps it, and what is
found late gets a later one.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from clinicians.models import ReviewEvent
from core.models import same_person
from records.definitions import delivery_policy, subscription_rules
from records.models import Notification, Subscription
from records.models.asked import was_asked
from records.permissions import covers
from records.workflow import State
from records.workflow.topics import Status, Topic
from screening.models import Episode, Flag, Score, Screening


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened; `source` names it once and for all."""

    source: str
    focus: uuid.UUID
    at: datetime


# When each of these came to be.
SINCE = {
    "COMPLETED": "administration__completed_at",
    "AMENDED": "amended_at",
    "RETRACTED": "administration__screening__retracted_at",
}
Find = Callable[[Subscription, Topic, datetime], Iterator[Occurrence]]


@transaction.atomic
def number_events(*, subscription_id: uuid.UUID, at: datetime) -> bool:
    """Write a row for each event that has none; returns whether there may be more.

    The lock makes numbers follow each other, whoever else is looking too.
    """
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("client")
    row = rows.filter(id=subscription_id, deleted_at__isnull=True).first()
    if row is None or row.activated_at is None or row.status == Status.OFF:
        return False
    topic = subscription_rules().topics.get(row.topic)
    if topic is None or not may_hear(row, topic.resource):
        return False
    policy = delivery_policy()
    found = _without_a_row(row, topic, begun=row.activated_at)
    new, more = found[: policy.batch], len(found) > policy.batch
    Notification.objects.bulk_create(
        _made(row, topic, one, row.events + n, at=at)
        for n, one in enumerate(new, start=1)
    )
    row.events += len(new)
    row.planned_to_at = row.planned_to_at if more else at
    row.save(update_fields=["events", "planned_to_at"])
    return more


def may_hear(row: Subscription, resource: str) -> bool:
    """Whether its client, as it is registered now, may read what this is about."""
    scopes = row.client.scopes
    return (
        row.client.active
        and covers(scopes, "Subscription", "r")
        and covers(scopes, resource, "r")
    )


def _without_a_row(
    row: Subscription, topic: Topic, *, begun: datetime
) -> list[Occurrence]:
    """In the order of what happened, as far as that is known by now."""
    floor = begun
    if row.planned_to_at:
        overlap = timedelta(seconds=subscription_rules().overlap)
        floor = max(floor, row.planned_to_at - overlap)
    found = list(FINDS[topic.resource](row, topic, floor))
    sources = [one.source for one in found]
    known = row.notifications.filter(source__in=sources)
    have = set(known.order_by().values_list("source", flat=True))
    left = [one for one in found if one.source not in have]
    return sorted(left, key=lambda one: (one.at, one.source))


def _made(
    row: Subscription, topic: Topic, one: Occurrence, number: int, *, at: datetime
) -> Notification:
    return Notification(
        subscription=row,
        kind=Notification.Kind.EVENT,
        number=number,
        source=one.source,
        resource=topic.resource,
        focus=one.focus,
        state=State.DUE,
        caused_at=one.at,
        created_at=at,
        next_at=at,
    )


def _person(row: Subscription, path: str) -> Q:
    """Rows of the patient that the filter names, under whichever of their records."""
    if row.patient_id is None:
        return Q()
    same = same_person(row.patient_id).filter(clinic_id=row.clinic_id)
    return Q(**{f"{path}__in": same.values("id")})


def _results(row: Subscription, topic: Topic, floor: datetime) -> Iterator[Occurrence]:
    """Each version of each finished result, and what was entered in error."""
    scores = Score.objects.filter(
        _person(row, "patient"),
        was_asked("administration"),
        clinic_id=row.clinic_id,
        administration__screening__status=Screening.Status.COMPLETED,
    ).order_by()
    for kind in sorted(topic.on):
        path = SINCE[kind]
        rows = scores.filter(**{f"{path}__gte": floor})
        for key, version, moment in rows.values_list("pk", "version", path):
            # Each version of it, and that it was entered in error, which no version is.
            which = {"COMPLETED": "1", "AMENDED": str(version)}.get(kind, "in-error")
            yield Occurrence(f"result/{key}/{which}", key, moment)


def _reviews(row: Subscription, topic: Topic, floor: datetime) -> Iterator[Occurrence]:
    """Cases that were opened, that another flag joined, and what was done about them."""
    if "OPENED" in topic.on:
        cases = Episode.objects.filter(
            _person(row, "patient"), clinic_id=row.clinic_id, opened_at__gte=floor
        )
        for key, moment in cases.order_by().values_list("id", "opened_at"):
            yield Occurrence(f"case/{key}", key, moment)
    if "FLAGGED" in topic.on:
        flags = Flag.objects.filter(
            _person(row, "episode__patient"),
            clinic_id=row.clinic_id,
            raised_at__gte=floor,
            # The first ones are what opened it.
            raised_at__gt=F("episode__opened_at"),
        )
        for key, case, moment in flags.order_by().values_list(
            "id", "episode_id", "raised_at"
        ):
            yield Occurrence(f"flag/{key}", case, moment)
    events = ReviewEvent.objects.filter(
        _person(row, "episode__patient"),
        episode__clinic_id=row.clinic_id,
        at__gte=floor,
        kind__in=sorted(topic.on),
    )
    for key, case, moment in events.order_by().values_list("id", "episode_id", "at"):
        yield Occurrence(f"review/{key}", case, moment)


FINDS: Mapping[str, Find] = {"QuestionnaireResponse": _results, "Task": _reviews}
