"""Closes what was left open longer than the recall period allows."""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.audit import Actor
from core.crypto import CannotRead
from core.models import Clinic
from screening.actions.entry import stop
from screening.models import Invitation, Screening
from screening.models.sitting import load

BATCH = 200
JUST_NOW = timedelta(hours=2)
log = logging.getLogger(__name__)


def answer_window(clinic: Clinic) -> timedelta:
    """Return how long a patient may take from the first answer to the last."""
    return timedelta(hours=clinic.answer_window_hours)


def is_stale(screening: Screening, *, at: datetime) -> bool:
    """Return whether the window of this screening has passed."""
    if screening.started_at is None or not screening.is_open:
        return False
    return screening.started_at + answer_window(screening.clinic) <= at


def _overdue_ids(at: datetime) -> list[uuid.UUID]:
    stale: list[uuid.UUID] = []
    for clinic in Clinic.objects.all():
        begun = Screening.objects.filter(
            clinic=clinic,
            status=Screening.Status.IN_PROGRESS,
            started_at__lte=at - answer_window(clinic),
        )
        stale += begun.values_list("id", flat=True)[:BATCH]
        stale += _never_entered(clinic, at).values_list("id", flat=True)[:BATCH]
    live = Invitation.objects.filter(
        screening=OuterRef("pk"), revoked_at__isnull=True, expires_at__gt=at
    )
    unanswered = Screening.objects.filter(
        status__in=[Screening.Status.INVITED, Screening.Status.CONSENTED],
        origin=Screening.Origin.INVITATION,
    ).exclude(Exists(live))
    # Somebody who has just consented is answering at this moment.
    unanswered = unanswered.exclude(consented_at__gt=at - JUST_NOW)
    return stale + list(unanswered.values_list("id", flat=True)[:BATCH])


def _never_entered(clinic: Clinic, at: datetime) -> QuerySet[Screening]:
    """What staff began to enter and left without an answer. It has no link that runs
    out, so it is given the time that an answered one has."""
    return Screening.objects.filter(
        clinic=clinic,
        origin=Screening.Origin.STAFF,
        status=Screening.Status.INVITED,
        created_at__lte=at - answer_window(clinic),
    )


def expire_overdue(*, at: datetime) -> int:
    """Close every screening whose window has passed; returns how many.

    Each in a transaction of its own, so that one that fails holds up no other.
    """
    closed = 0
    for one in _overdue_ids(at):
        try:
            closed += expire(screening_id=one, at=at)
        except (DatabaseError, CannotRead):
            log.exception("expiry: screening %s could not be closed", one)
    return closed


@transaction.atomic
def expire(*, screening_id: uuid.UUID, at: datetime) -> bool:
    """Close one screening as expired; what was answered still raises flags."""
    sitting = load(screening_id, lock=True)
    screening = sitting.screening
    answering = screening.status == Screening.Status.IN_PROGRESS
    if not screening.is_open or (answering and not is_stale(screening, at=at)):
        return False
    stop(sitting, Screening.Status.EXPIRED, by=Actor.system("expiry"), at=at)
    return True
