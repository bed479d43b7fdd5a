"""Subscriptions: each client finds its own, and no other's of its clinic."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import F, Q, QuerySet

from records.api.kinds.base import NOTHING, Asking, Clause, Kind, by_date, by_id
from records.api.kinds.order import Sort
from records.api.params import read_token
from records.fhir.parts import Json
from records.fhir.subscription import subscription
from records.models import Subscription
from records.presenters.subscribed import limits, subscribed


def _since(asking: Asking, at: datetime) -> Q:
    return Q(changed_at__gte=at)


def _status(asking: Asking, value: str) -> Clause:
    return Clause(Q(status=read_token(value).code))


def _criteria(asking: Asking, value: str) -> Clause:
    """As a text parameter is: the beginning of the topic's address is enough."""
    topics = limits(asking.naming).topics
    ids = [known for url, (known, _) in topics.items() if url.startswith(value)]
    return Clause(Q(topic__in=ids) if ids else NOTHING)


def own_rows(asking: Asking) -> QuerySet[Subscription]:
    """Those of the client that asks; whoever is no client has none."""
    rows = Subscription.objects.filter(
        clinic=asking.clinic, client=asking.client, deleted_at__isnull=True
    )
    rows = rows.select_related("clinic", "client")
    return rows if asking.client else rows.none()


def _url(asking: Asking, value: str) -> Clause:
    """Endpoints are sealed: all that a client may have are few enough to be read."""
    told = [subscribed(row, asking.naming) for row in own_rows(asking)]
    ids = [one.id for one in told if one.endpoint == value]
    return Clause(Q(id__in=ids) if ids else NOTHING)


class Subscriptions(Kind[Subscription]):
    """What the asking client wants to be told."""

    type = "Subscription"
    audited = "Subscription"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _since),
        "status": _status,
        "criteria": _criteria,
        "url": _url,
    }

    sorts: ClassVar = {"_lastUpdated": Sort("meta.lastUpdated", F("changed_at"))}

    def rows(self, asking: Asking) -> QuerySet[Subscription]:
        return own_rows(asking)

    def write(self, asking: Asking, rows: Sequence[Subscription]) -> list[Json]:
        return [subscription(subscribed(row, asking.naming)) for row in rows]
