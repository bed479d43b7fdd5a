"""Every write about subscriptions that a client or the clinic makes, with its audit row.

Where a subscription leads is the client's own matter: of its address the log has the
host, and of its headers nothing.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from core import audit
from core.audit import Actor
from core.crypto import CannotRead
from core.models import Patient, User
from core.permissions import Permission, check_can
from records.definitions import subscription_rules
from records.fhir.subscribing import Wanted
from records.models import ApiClient, Notification, Subscription
from records.workflow import OPEN, State
from records.workflow.topics import Status

CLOSED_BY_CLINIC = (
    "The clinic has switched this subscription off. Only its administrator can let it "
    "on again."
)


class SubscriptionRefused(ValueError):
    """It cannot be made or changed so; the sentence says why."""


class SubscriptionChanged(SubscriptionRefused):
    """It is not as its client knows it."""


@transaction.atomic
def create_subscription(
    *, client: ApiClient, wanted: Wanted, patient: Patient | None, at: datetime
) -> Subscription:
    """Take a request down, and owe the greeting that has to be answered first."""
    holder = ApiClient.objects.select_for_update().get(id=client.id)
    held = Subscription.objects.filter(client=holder, deleted_at__isnull=True)
    most = subscription_rules().most_of_a_client
    if held.count() >= most:
        raise SubscriptionRefused(
            f"A program has {most} subscriptions at most: delete one first."
        )
    if wanted.status not in (Status.REQUESTED, Status.ACTIVE):
        raise SubscriptionRefused("A new subscription has the status requested.")
    row = Subscription(
        clinic_id=holder.clinic_id,
        client=holder,
        status=Status.REQUESTED,
        created_at=at,
        changed_at=at,
    )
    _take(row, wanted, patient)
    row.save(force_insert=True)
    _greet(row, at=at)
    _note(row, "SUBSCRIPTION_CREATED", by=Actor.client(holder.id), at=at)
    return row


def _take(row: Subscription, wanted: Wanted, patient: Patient | None) -> None:
    row.topic, row.reason, row.endpoint = wanted.topic, wanted.reason, wanted.endpoint
    row.headers = json.dumps(list(wanted.headers)) if wanted.headers else ""
    row.content, row.patient, row.ends_at = wanted.content, patient, wanted.ends_at
    row.heartbeat = wanted.figures.get("heartbeat")
    row.timeout = wanted.figures.get("timeout")
    row.max_count = wanted.figures.get("max_count")


def _greet(row: Subscription, *, at: datetime) -> None:
    """An earlier greeting that is still owed goes to an address that may be old."""
    _stop(row, at=at, kinds=(Notification.Kind.HANDSHAKE,))
    Notification.objects.create(
        subscription=row,
        kind=Notification.Kind.HANDSHAKE,
        number=row.events,
        source=f"handshake/{uuid.uuid4()}",
        caused_at=at,
        created_at=at,
        next_at=at,
    )


def _stop(
    row: Subscription,
    *,
    at: datetime,
    kinds: tuple[str, ...] = tuple(Notification.Kind.values),
) -> int:
    rows = row.notifications.filter(state__in=OPEN, kind__in=kinds)
    return rows.update(state=State.STOPPED, next_at=None, settled_at=at)


@transaction.atomic
def change_subscription(
    *,
    subscription: Subscription,
    wanted: Wanted,
    patient: Patient | None,
    at: datetime,
    seen: int | None = None,
) -> Subscription:
    """Put another one in its place. `seen`: the version that the client knows.

    Where it leads, or what it tells, cannot change without a greeting; nor can one that
    was off come on.
    """
    row = _locked(subscription)
    if seen is not None and seen != row.version:
        raise SubscriptionChanged(f"It has changed since: it is version {row.version}.")
    if row.barred_at and wanted.status != Status.OFF:
        raise SubscriptionRefused(CLOSED_BY_CLINIC)
    before, was = _leads_to(row), row.status
    _take(row, wanted, patient)
    row.version, row.changed_at = row.version + 1, at
    if wanted.status == Status.OFF:
        _switch_off(row, at=at)
    elif (
        wanted.status == Status.REQUESTED
        or was == Status.OFF
        or _leads_to(row) != before
    ):
        _ask_anew(row, at=at)
    row.save()
    _note(row, "SUBSCRIPTION_CHANGED", by=Actor.client(row.client_id), at=at)
    return row


def _leads_to(row: Subscription) -> tuple[Any, ...]:
    """Empty where its key is gone: then wherever it leads now is somewhere else."""
    try:
        return row.topic, row.endpoint, row.headers, row.content, row.patient_id
    except CannotRead:
        return ()


def _ask_anew(row: Subscription, *, at: datetime) -> None:
    """What was owed by one that was not off is still owed, once it is greeted."""
    row.status, row.last_error = Status.REQUESTED, ""
    row.retry_at, row.failures = None, 0
    _greet(row, at=at)


def _switch_off(row: Subscription, *, at: datetime) -> None:
    """Nothing is owed any more, and what happens while it is off is not told later."""
    row.status, row.activated_at, row.planned_to_at = Status.OFF, None, None
    row.retry_at, row.failures, row.last_error = None, 0, ""
    _stop(row, at=at)


@transaction.atomic
def delete_subscription(*, subscription: Subscription, at: datetime) -> None:
    """Forget where it led. What was told stays on record."""
    row = _locked(subscription)
    _switch_off(row, at=at)
    _forget(row)
    row.deleted_at = at
    row.save()
    _note(row, "SUBSCRIPTION_DELETED", by=Actor.client(row.client_id), at=at)


def _forget(row: Subscription) -> None:
    row.headers, row.endpoint, row.reason = "", "", ""


@transaction.atomic
def bar_subscription(*, subscription: Subscription, by: User, at: datetime) -> None:
    """The clinic switches it off, and the client cannot let it on again."""
    check_can(by, Permission.MANAGE_CLIENTS)
    row = _locked(subscription)
    _switch_off(row, at=at)
    row.barred_at, row.changed_at, row.version = at, at, row.version + 1
    row.save()
    _note(row, "SUBSCRIPTION_BARRED", by=Actor.staff(by), at=at)


@transaction.atomic
def allow_subscription(*, subscription: Subscription, by: User, at: datetime) -> None:
    """Let it on again, or greet anew at once one that is in error."""
    check_can(by, Permission.MANAGE_CLIENTS)
    row = _locked(subscription)
    if not row.client.active:
        raise SubscriptionRefused("This program is disconnected.")
    row.barred_at, row.changed_at, row.version = None, at, row.version + 1
    _ask_anew(row, at=at)
    row.save()
    _note(row, "SUBSCRIPTION_ALLOWED", by=Actor.staff(by), at=at)


def end_subscriptions(*, client: ApiClient, by: Actor, at: datetime) -> None:
    """A client that is disconnected is told nothing more: part of disconnecting it."""
    rows = Subscription.objects.select_for_update().filter(
        client=client, deleted_at__isnull=True
    )
    for row in rows:
        _switch_off(row, at=at)
        _forget(row)
        row.changed_at, row.version = at, row.version + 1
        row.deleted_at = at
        row.save()
        _note(row, "SUBSCRIPTION_ENDED", by=by, at=at)


def _locked(subscription: Subscription) -> Subscription:
    rows = Subscription.objects.select_for_update(of=("self",))
    row = rows.select_related("client").get(id=subscription.id)
    if row.deleted_at is not None:
        raise SubscriptionRefused("This subscription was deleted.")
    return row


def _host(row: Subscription) -> str:
    """An address that cannot be read any more hinders nobody in ending it."""
    try:
        return urlsplit(row.endpoint).hostname or ""
    except CannotRead:
        return ""


def _note(row: Subscription, kind: str, *, by: Actor, at: datetime) -> None:
    detail: Mapping[str, Any] = {
        "topic": row.topic,
        "status": str(row.status),
        "client": str(row.client_id),
        "host": _host(row),
    }
    audit.record(
        clinic_id=row.clinic_id,
        kind=kind,
        by=by,
        at=at,
        object_type="Subscription",
        object_id=row.id,
        detail=detail,
    )
