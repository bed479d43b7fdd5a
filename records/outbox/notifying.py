"""What becomes of a notification: claimed by one sender, then settled, or due again.

As deliveries are, and by the same rules of waiting and giving up; but in the order of
their numbers, one at a time for each subscription, with the greeting before them all.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core import audit
from core.models import User
from core.permissions import Permission, check_can
from records.definitions import delivery_policy, subscription_rules
from records.models import Notification, Subscription
from records.outbox.claiming import claim, put_down
from records.workflow import (
    OPEN,
    Mover,
    MoveRefused,
    Outcome,
    State,
    Verdict,
    after_failure,
    check_move,
    wait_after,
)
from records.workflow.topics import Status

BY = audit.Actor.system("deliver")
Kind = Notification.Kind
# What an event's reading is written down about, by the resource that it names.
ABOUT = {"QuestionnaireResponse": "Administration", "Task": "episode"}


def listening() -> list[Subscription]:
    """Return the subscriptions that something may be owed to.

    Whoever was told last comes last: a round that is cut off leaves out nobody twice.
    """
    rows = Subscription.objects.filter(deleted_at__isnull=True)
    rows = rows.exclude(status=Status.OFF)
    turn = F("accepted_at").asc(nulls_first=True)
    return list(rows.order_by(turn, "created_at", "id"))


@transaction.atomic
def end_if_over(*, subscription_id: uuid.UUID, at: datetime) -> bool:
    """Switch off what its client wanted to be told up to now only."""
    rows = Subscription.objects.select_for_update().filter(
        id=subscription_id, ends_at__lte=at
    )
    row = rows.exclude(status=Status.OFF).first()
    if row is None:
        return False
    owed = row.notifications.filter(state__in=OPEN)
    owed.update(state=State.STOPPED, next_at=None, settled_at=at)
    row.status, row.activated_at, row.changed_at = Status.OFF, None, at
    row.version += 1
    row.save(update_fields=["status", "activated_at", "changed_at", "version"])
    _note(row, "SUBSCRIPTION_OVER", at=at)
    return True


@transaction.atomic
def owe_heartbeat(*, subscription_id: uuid.UUID, at: datetime) -> None:
    """A sign of life, where nothing else was told for as long as the client said."""
    rows = Subscription.objects.select_for_update().filter(
        id=subscription_id, status=Status.ACTIVE, heartbeat__isnull=False
    )
    row = rows.first()
    if row is None or row.heartbeat is None or row.activated_at is None:
        return
    last = max(one for one in (row.activated_at, row.accepted_at, row.beat_at) if one)
    waits = row.notifications.filter(state__in=OPEN).exists()
    if waits or at < last + timedelta(seconds=row.heartbeat):
        return
    # Those before it say nothing any more.
    row.notifications.filter(kind=Kind.HEARTBEAT).delete()
    Notification.objects.create(
        subscription=row,
        kind=Kind.HEARTBEAT,
        number=row.events,
        source=f"heartbeat/{at.isoformat()}",
        caused_at=at,
        created_at=at,
        next_at=at,
    )
    row.beat_at = at
    row.save(update_fields=["beat_at"])


def claim_notification(
    *, subscription_id: uuid.UUID, at: datetime
) -> Notification | None:
    """Return the next that this process now has to send; None while one waits."""
    place = Q(retry_at=None) | Q(retry_at__lte=at)
    rows = Subscription.objects.filter(place, id=subscription_id)
    row = rows.exclude(status=Status.OFF).first()
    if row is None:
        return None
    first = _in_line(row).first()
    if first is None or first.next_at is None or first.next_at > at:
        return None
    return first if _claim(first, at=at) else None


def _in_line(row: Subscription) -> QuerySet[Notification]:
    """Whoever has not answered the greeting is told nothing else."""
    rows = Notification.objects.filter(subscription=row, state__in=OPEN)
    greeting = Q(kind=Kind.HANDSHAKE)
    rows = rows.filter(greeting if row.status == Status.REQUESTED else ~greeting)
    rows = rows.select_related("subscription__client", "subscription__clinic")
    return rows.order_by("number", "created_at", "id")


def _claim(row: Notification, *, at: datetime) -> bool:
    mine = Notification.objects.filter(
        id=row.id, claims=row.claims, state=row.state, next_at=row.next_at
    )
    return claim(row, mine, at=at)


@transaction.atomic
def settle_notification(
    *, notification: Notification, outcome: Outcome, at: datetime
) -> State | None:
    """Keep what became of a try; None if somebody else has taken it up since."""
    rows = Subscription.objects.select_for_update()
    row = rows.get(id=notification.subscription_id)
    taken = outcome.verdict is Verdict.TAKEN
    state = State.ACCEPTED if taken else _after(notification, outcome)
    rows_told = Notification.objects.all()
    if not put_down(notification, rows_told, state, outcome, at=at):
        return None
    # What was under way while its client moved it went to where it led before: that
    # says nothing of the new place, which has not answered its greeting yet.
    if row.status != Status.REQUESTED or notification.kind == Kind.HANDSHAKE:
        if taken:
            _heard(row, at=at)
        else:
            _not_heard(row, notification, state, outcome, at=at)
    if notification.kind == Kind.EVENT and state is not State.DUE:
        _note_event(notification, f"NOTIFICATION_{state}", by=BY, at=at)
    return state


def _after(notification: Notification, outcome: Outcome) -> State:
    """A sign of life is not said twice; a greeting is soon given up."""
    if notification.kind == Kind.HEARTBEAT:
        return State.STOPPED
    state = after_failure(outcome.verdict, notification.tries, delivery_policy())
    greeting = notification.kind == Kind.HANDSHAKE
    if greeting and notification.tries >= subscription_rules().greetings:
        return State.DEAD if state is State.DUE else state
    return state


@transaction.atomic
def withhold(*, notification: Notification, sentence: str, at: datetime) -> None:
    """What its receiver may not be told any more is not sent, and never will be."""
    outcome = Outcome(verdict=Verdict.REFUSED, sentence=sentence)
    rows = Notification.objects.all()
    if put_down(notification, rows, State.STOPPED, outcome, at=at):
        _note_event(notification, "NOTIFICATION_WITHHELD", by=BY, at=at)


def _heard(row: Subscription, *, at: datetime) -> None:
    was = row.status
    row.accepted_at, row.retry_at, row.failures, row.last_error = at, None, 0, ""
    if was != Status.OFF:
        row.status = Status.ACTIVE
        row.activated_at = row.activated_at or at
    fields = ["accepted_at", "retry_at", "failures", "last_error", "activated_at"]
    if row.status != was:
        row.changed_at, row.version = at, row.version + 1
        _note(row, "SUBSCRIPTION_ACTIVE", at=at)
    row.save(update_fields=[*fields, "status", "changed_at", "version"])


def _not_heard(
    row: Subscription,
    notification: Notification,
    state: State,
    outcome: Outcome,
    *,
    at: datetime,
) -> None:
    """The next is not tried at once, whichever it is: the receiver needs time."""
    row.failures += 1
    row.retry_at = at + wait_after(row.failures, delivery_policy())
    row.last_error = outcome.sentence[:200]
    greeting = notification.kind == Kind.HANDSHAKE
    given_up = greeting and state is not State.DUE
    too_many = not greeting and row.failures >= subscription_rules().error_after
    fields = ["failures", "retry_at", "last_error"]
    if (given_up or too_many) and row.status not in (Status.ERROR, Status.OFF):
        row.status, row.changed_at, row.version = Status.ERROR, at, row.version + 1
        fields += ["status", "changed_at", "version"]
        _note(row, "SUBSCRIPTION_ERROR", at=at)
    row.save(update_fields=fields)


@transaction.atomic
def resend_notification(*, notification: Notification, by: User, at: datetime) -> None:
    """Send what was refused or given up once more; raises MoveRefused."""
    check_can(by, Permission.MANAGE_CLIENTS)
    # Held first, as whoever switches it off does: what is off owes nothing.
    held = Subscription.objects.select_for_update()
    subscription = held.get(id=notification.subscription_id)
    rows = Notification.objects.select_for_update(of=("self",))
    row = rows.select_related("subscription").get(id=notification.id)
    check_move(State(row.state), State.DUE, Mover.ADMINISTRATOR)
    if row.kind != Kind.EVENT or subscription.status == Status.OFF:
        raise MoveRefused("This is not told again: the subscription is off.")
    row.state, row.next_at, row.tries, row.settled_at = State.DUE, at, 0, None
    row.save(update_fields=["state", "next_at", "tries", "settled_at"])
    Subscription.objects.filter(id=subscription.id).update(retry_at=None)
    _note_event(row, "NOTIFICATION_RESENT", by=audit.Actor.staff(by), at=at)


def _note(row: Subscription, kind: str, *, at: datetime) -> None:
    audit.record(
        clinic_id=row.clinic_id,
        kind=kind,
        by=BY,
        at=at,
        object_type="Subscription",
        object_id=row.id,
        detail={"topic": row.topic, "client": str(row.client_id)},
    )


def _note_event(row: Notification, kind: str, *, by: audit.Actor, at: datetime) -> None:
    """On record with the patient's own: who was told of it, and what became of that."""
    audit.record(
        clinic_id=row.subscription.clinic_id,
        kind=kind,
        by=by,
        at=at,
        object_type=ABOUT[row.resource],
        object_id=str(row.focus),
        detail={
            "subscription": str(row.subscription_id),
            "client": str(row.subscription.client_id),
            "number": row.number,
        },
    )
