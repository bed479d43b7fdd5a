"""Tells subscribers what happened, one notification after the other."""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime

from core.crypto import CannotRead
from records import client
from records.definitions import delivery_policy
from records.fhir import subscription as written
from records.models import Notification, Subscription
from records.outbox import happening, notifying
from records.presenters.leaving import our_names
from records.presenters.subscribed import (
    happened,
    headers_of,
    still_there,
    subscribed,
)
from records.workflow import Outcome, Verdict

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# One that is told much does not keep the others waiting, nor do all of them together
# keep results and exports: programs choose their receivers themselves. In seconds.
ROUND, ALTOGETHER = 30.0, 60.0
SEALED = "What is stored for this subscription cannot be read: its key is gone."
NOT_ALLOWED = "The program may not read this any more, so it was not told of it."


def tick(clock: Clock) -> bool:
    """Tell what is owed to every subscriber; returns whether there may be more."""
    ends, more = time.monotonic() + ALTOGETHER, False
    for one in notifying.listening():
        if time.monotonic() >= ends:
            return True
        more = _guarded(one, clock) or more
    return more


def _guarded(row: Subscription, clock: Clock) -> bool:
    """Whatever is wrong with one holds up no other."""
    subscription_id = row.id
    try:
        if row.ends_at and notifying.end_if_over(
            subscription_id=subscription_id, at=clock()
        ):
            return False
        more = happening.number_events(subscription_id=subscription_id, at=clock())
        if row.heartbeat:
            notifying.owe_heartbeat(subscription_id=subscription_id, at=clock())
        return _tell_due(subscription_id, clock) or more
    except Exception:
        log.exception("deliver: subscription %s failed", subscription_id)
        return False


def _tell_due(subscription_id: uuid.UUID, clock: Clock) -> bool:
    ends = time.monotonic() + ROUND
    while time.monotonic() < ends:
        row = notifying.claim_notification(subscription_id=subscription_id, at=clock())
        if row is None:
            return False
        if _allowed(row):
            notifying.settle_notification(
                notification=row, outcome=_try(row, clock), at=clock()
            )
        else:
            notifying.withhold(notification=row, sentence=NOT_ALLOWED, at=clock())
    return True


def _allowed(row: Notification) -> bool:
    """Looked at when it leaves: scopes and records may have changed since it happened."""
    if row.kind != Notification.Kind.EVENT:
        return True
    subscription = row.subscription
    return happening.may_hear(subscription, row.resource) and bool(
        still_there(subscription, [row])
    )


def _try(row: Notification, clock: Clock) -> Outcome:
    try:
        return client.notify(
            row.subscription.endpoint,
            _bundle(row, at=clock()),
            headers=headers_of(row.subscription),
            ends=time.monotonic() + _seconds(row.subscription),
        )
    except CannotRead:
        return Outcome(verdict=Verdict.PASSING, sentence=SEALED, here=True)
    except Exception:
        log.exception("deliver: notification %s cannot be made", row.id)
        return Outcome(
            verdict=Verdict.PASSING, sentence="The notification could not be made."
        )


def _seconds(row: Subscription) -> float:
    """As long as its client allows, and never as long as another worker would wait."""
    deadline = float(delivery_policy().deadline)
    return min(deadline, float(row.timeout or deadline))


def _bundle(row: Notification, *, at: datetime) -> dict[str, object]:
    """Its id stays the same however often it is sent."""
    naming = our_names()
    return written.notification(
        subscribed(row.subscription, naming),
        row.kind,
        base_url=naming.base,
        bundle_id=str(row.id),
        at=at,
        events=happened([row]),
    )
