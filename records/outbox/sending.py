"""What becomes of a delivery: claimed by one sender, then settled, or due again.

A claim is a conditional update that must change exactly one row. A sender that dies
lets its lease run out, and the delivery is taken up again: that is safe, since every
receiver gets the same names for the same things however often they are sent.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core import audit
from core.models import Clinic, User
from core.permissions import Permission, check_can
from records.definitions import delivery_policy
from records.models import Delivery, Destination
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

BY = audit.Actor.system("deliver")
# How many of the first in line are looked at: others may be in somebody's hands.
LOOKED_AT = 20


def claim_next(*, destination_id: uuid.UUID, at: datetime) -> Delivery | None:
    """Return the next delivery for one place that this process now has to send.

    None goes before an earlier one of the same patient that is not settled.
    """
    place = Q(ended_at__isnull=True) & (Q(retry_at=None) | Q(retry_at__lte=at))
    if not Destination.objects.filter(place, id=destination_id).exists():
        return None
    due = _first_in_line(destination_id).filter(next_at__lte=at)
    due = due.select_related("destination__clinic", "administration")
    for delivery in due.order_by("caused_at", "id")[:LOOKED_AT]:
        if _claim(delivery, at=at):
            return delivery
    return None


def _first_in_line(destination_id: uuid.UUID) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(destination_id=destination_id, state__in=OPEN)
    # Its own versions, too: records may have been merged between two of them.
    same = Delivery.objects.filter(
        Q(patient=OuterRef("patient")) | Q(administration=OuterRef("administration")),
        destination_id=destination_id,
        state__in=OPEN,
    )
    earlier = same.filter(
        Q(caused_at__lt=OuterRef("caused_at"))
        | Q(caused_at=OuterRef("caused_at"), id__lt=OuterRef("id"))
    )
    return rows.filter(~Exists(earlier))


def _claim(delivery: Delivery, *, at: datetime) -> bool:
    mine = Delivery.objects.filter(
        id=delivery.id, claims=delivery.claims, state=delivery.state
    )
    return claim(delivery, mine, at=at)


@transaction.atomic
def settle(*, delivery: Delivery, outcome: Outcome, at: datetime) -> State | None:
    """Keep what became of a try; None if somebody else has taken it up since."""
    if outcome.verdict is Verdict.TAKEN:
        _reached(delivery.destination, at=at)
        state = State.ACCEPTED
    else:
        if outcome.here:
            _not_reached(delivery.destination, outcome.sentence, at=at)
        state = after_failure(outcome.verdict, delivery.tries, delivery_policy())
    return _move(delivery, state, outcome, at=at)


@transaction.atomic
def replace(*, delivery: Delivery, at: datetime) -> None:
    """A newer version of the same result stands in our record: that one is sent."""
    _move(delivery, State.REPLACED, Outcome(verdict=Verdict.TAKEN), at=at)


def _move(
    delivery: Delivery, state: State, outcome: Outcome, *, at: datetime
) -> State | None:
    rows, receipt = Delivery.objects.all(), outcome.receipt
    if not put_down(delivery, rows, state, outcome, at=at, receipt=receipt):
        return None
    if state is not State.DUE:
        _note(delivery, f"DELIVERY_{state}", by=BY, at=at, code=outcome.status)
    return state


def _reached(place: Destination, *, at: datetime) -> None:
    Destination.objects.filter(id=place.id).update(
        accepted_at=at, retry_at=None, failures=0, last_error=""
    )


def _not_reached(place: Destination, sentence: str, *, at: datetime) -> None:
    failures = Destination.objects.values_list("failures", flat=True).get(id=place.id)
    wait = wait_after(failures + 1, delivery_policy())
    Destination.objects.filter(id=place.id).update(
        retry_at=at + wait, failures=failures + 1, last_error=sentence[:200]
    )


@transaction.atomic
def resend(*, delivery: Delivery, by: User, at: datetime) -> None:
    """Send what was refused or given up once more; raises MoveRefused.

    What leaves then is the result as it stands by then, under the same names.
    """
    check_can(by, Permission.MANAGE_CLIENTS)
    again(delivery=delivery, by=audit.Actor.staff(by), at=at)


def again(*, delivery: Delivery, by: audit.Actor, at: datetime) -> None:
    """The same by whoever may, inside a transaction of theirs; raises MoveRefused."""
    rows = Delivery.objects.select_for_update(of=("self",))
    row = rows.select_related("destination").get(id=delivery.id)
    check_move(State(row.state), State.DUE, Mover.ADMINISTRATOR)
    if row.destination.ended_at is not None:
        raise MoveRefused("The connection that this was for has ended.")
    row.state, row.next_at, row.tries, row.settled_at = State.DUE, at, 0, None
    row.save(update_fields=["state", "next_at", "tries", "settled_at"])
    _note(row, "DELIVERY_RESENT", by=by, at=at)


def resend_all(
    *, clinic: Clinic, destination: Destination, by: User, at: datetime
) -> int:
    """Send everything of one place once more that was refused or given up."""
    rows = Delivery.objects.filter(
        destination=destination,
        destination__clinic=clinic,
        destination__ended_at__isnull=True,
        state__in=(State.REFUSED, State.DEAD),
    )
    return sum(_resent(row, by=by, at=at) for row in rows)


def _resent(row: Delivery, *, by: User, at: datetime) -> bool:
    """False where somebody else was first: then it is on its way already."""
    try:
        resend(delivery=row, by=by, at=at)
    except MoveRefused:
        return False
    return True


def _note(
    delivery: Delivery,
    kind: str,
    *,
    by: audit.Actor,
    at: datetime,
    code: int | None = None,
) -> None:
    audit.record(
        clinic_id=delivery.destination.clinic_id,
        kind=kind,
        by=by,
        at=at,
        object_type="Administration",
        object_id=delivery.administration_id,
        detail={
            "delivery": str(delivery.id),
            "destination": str(delivery.destination_id),
            "version": delivery.version,
            "code": code or 0,
        },
    )
