"""Sets up, and ends, the places that a clinic's results are sent to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from core import audit
from core.models import Clinic, User
from core.permissions import Permission, check_can
from records.models import Delivery, Destination
from records.workflow import OPEN, State


class DestinationRefused(ValueError):
    """It cannot be set up so; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an administrator asks for. The address was checked at the door."""

    kind: Destination.Kind
    name: str
    address: str = ""
    secret: str = field(default="", repr=False)
    since_at: datetime


def create_destination(
    *, clinic: Clinic, wanted: Wanted, by: User, at: datetime
) -> Destination:
    """Set one up; what is owed to it gets its rows when the sender looks next."""
    check_can(by, Permission.MANAGE_CLIENTS)
    try:
        with transaction.atomic():
            row = Destination(
                clinic=clinic,
                kind=wanted.kind,
                name=wanted.name,
                address=wanted.address,
                secret=wanted.secret,
                since_at=wanted.since_at,
                created_at=at,
                created_by_id=str(by.pk),
            )
            row.save(force_insert=True)
            # The host only: a path, or what is sealed, may be a secret of its own.
            detail = {
                "kind": row.kind,
                "host": urlsplit(wanted.address).hostname or "",
                "since": wanted.since_at.isoformat(),
            }
            _note(row, "DESTINATION_CREATED", by=by, at=at, detail=detail)
            return row
    except IntegrityError as error:
        raise DestinationRefused(
            f"There is a connection named {wanted.name} already."
        ) from error


@transaction.atomic
def renew_secret(
    *, destination: Destination, secret: str, by: User, at: datetime
) -> None:
    """Use another secret from now on, and try again at once what waited for it."""
    check_can(by, Permission.MANAGE_CLIENTS)
    row = _locked(destination)
    row.secret, row.retry_at, row.failures = secret, None, 0
    row.save(update_fields=["secret", "retry_at", "failures"])
    _note(row, "DESTINATION_SECRET_CHANGED", by=by, at=at)


@transaction.atomic
def try_now(*, destination: Destination, by: User, at: datetime) -> None:
    """Do not wait any longer for a receiver that was not reached."""
    check_can(by, Permission.MANAGE_CLIENTS)
    row = _locked(destination)
    row.retry_at, row.failures = None, 0
    row.save(update_fields=["retry_at", "failures"])
    waiting = row.deliveries.filter(state=State.DUE, next_at__gt=at)
    count = waiting.update(next_at=at)
    _note(row, "DESTINATION_TRIED", by=by, at=at, detail={"lines": count})


@transaction.atomic
def end_destination(*, destination: Destination, by: User, at: datetime) -> int:
    """Nothing goes there any more; returns how many deliveries that stops."""
    check_can(by, Permission.MANAGE_CLIENTS)
    row = _locked(destination)
    stopped = row.deliveries.filter(state__in=OPEN).update(
        state=State.STOPPED, next_at=None, settled_at=at
    )
    row.secret, row.ended_at, row.ended_by_id = "", at, str(by.pk)
    row.save(update_fields=["secret", "ended_at", "ended_by_id"])
    _note(row, "DESTINATION_ENDED", by=by, at=at, detail={"lines": stopped})
    return stopped


def _locked(destination: Destination) -> Destination:
    rows = Destination.objects.select_for_update(of=("self",))
    row = rows.select_related("clinic").get(id=destination.id)
    if row.ended_at is not None:
        raise DestinationRefused("This connection has ended.")
    return row


def owed_to(destination: Destination) -> dict[str, int]:
    """How many deliveries stand in each state."""
    states = Delivery.objects.filter(destination=destination).order_by()
    counts = dict.fromkeys(State, 0)
    for state in State:
        counts[state] = states.filter(state=state).count()
    return {str(state): count for state, count in counts.items()}


def _note(
    row: Destination,
    kind: str,
    *,
    by: User,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        clinic_id=row.clinic_id,
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type="Destination",
        object_id=row.id,
        detail=detail,
    )
