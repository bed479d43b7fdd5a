"""Sends results to the places they are owed to, one try after the other."""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from core.crypto import CannotRead
from records import client
from records.definitions import delivery_policy
from records.fhir.transaction import result_parts
from records.models import Delivery, Destination
from records.outbox import planning, sending
from records.presenters.leaving import (
    CannotLeave,
    Result,
    control_id,
    csv_file,
    event,
    file_name,
    hl7_message,
    our_names,
    result_of,
)
from records.workflow import Outcome, Verdict

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# A place that is owed much does not keep the others waiting. In seconds.
ROUND = 60.0
SEALED = "What is stored for this connection cannot be read: its key is gone."
UNREADABLE = "The patient's record cannot be read: its key is gone."


def tick(clock: Clock) -> bool:
    """Send what is owed to every place; returns whether there may be more at once."""
    more = [_guarded(place, clock) for place in planning.active_destinations()]
    return any(more)


def _guarded(destination_id: uuid.UUID, clock: Clock) -> bool:
    """Whatever is wrong with one place holds up no other."""
    try:
        more = planning.plan(destination_id=destination_id, at=clock())
        return send_due(destination_id, clock) or more
    except Exception:
        log.exception("deliver: destination %s failed", destination_id)
        return False


def send_due(destination_id: uuid.UUID, clock: Clock) -> bool:
    """Send what one place is owed now, in order; for a while, then the next place."""
    ends = time.monotonic() + ROUND
    while time.monotonic() < ends:
        delivery = sending.claim_next(destination_id=destination_id, at=clock())
        if delivery is None:
            return False
        outcome = _try(delivery, clock)
        if outcome is None:
            sending.replace(delivery=delivery, at=clock())
            continue
        sending.settle(delivery=delivery, outcome=outcome, at=clock())
    return True


def _try(delivery: Delivery, clock: Clock) -> Outcome | None:
    """What became of one try; None if a newer version stands in for this one."""
    try:
        result = result_of(delivery, our_names())
        if result.version > delivery.version:
            return None
        return _send(delivery, result, clock)
    except CannotLeave as error:
        log.error("deliver: %s cannot leave", delivery.id)
        return Outcome(verdict=Verdict.REFUSED, sentence=str(error))
    except _Sealed:
        return Outcome(verdict=Verdict.PASSING, sentence=SEALED, here=True)
    except CannotRead:
        # No fault of the receiver's: results of other patients do not wait for it.
        return Outcome(verdict=Verdict.PASSING, sentence=UNREADABLE)
    except Exception:
        log.exception("deliver: %s cannot be made", delivery.id)
        return Outcome(
            verdict=Verdict.PASSING, sentence="The message could not be made."
        )


class _Sealed(Exception):
    """The connection's own address or secret cannot be read."""


def _target(place: Destination) -> client.Target:
    ends = time.monotonic() + float(delivery_policy().deadline)
    try:
        return client.Target(place.address, ends=ends, secret=place.secret)
    except CannotRead as error:
        raise _Sealed from error


def _send(delivery: Delivery, result: Result, clock: Clock) -> Outcome:
    place = delivery.destination
    target = _target(place)
    kinds = Destination.Kind
    if place.kind == kinds.FHIR:
        parts = result_parts(result.administration, result.record)
        return client.push(target, parts)
    if place.kind == kinds.WEBHOOK:
        told = dict(event(delivery, result, our_names()))
        return client.tell(
            target,
            told,
            event_id=str(delivery.id),
            at=clock(),
            seconds=float(delivery_policy().deadline),
        )
    if place.kind == kinds.HL7_MLLP:
        message = hl7_message(delivery, result, at=clock())
        return client.send_hl7(target, message, control_id=control_id(delivery))
    if place.kind == kinds.HL7_FILE:
        message = hl7_message(delivery, result, at=clock())
        return client.drop(folder_of(place), file_name(delivery, "hl7"), message)
    return client.drop(folder_of(place), file_name(delivery, "csv"), csv_file(result))


def folder_of(place: Destination) -> Path:
    """Each place has a folder of its own, below the one that this machine allows."""
    return Path(settings.RECORDS_FOLDER) / "out" / str(place.id)
