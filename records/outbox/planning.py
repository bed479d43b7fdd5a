"""Finds what is owed and has no row yet: finished results × places they go to.

The score is the row that the screening app writes when a result is finished or put
right; nothing is called from there. This reads scores and writes what they cause. What
was sent and has since come to be of somebody else, or in error, is owed once more.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from records.definitions import delivery_policy
from records.models import Delivery, Destination
from records.models.asked import was_asked
from records.outbox.changed import owed_again
from records.workflow import State
from screening.models import Score, Screening


def active_destinations() -> list[uuid.UUID]:
    """Return those that something may be owed to, the oldest first."""
    rows = Destination.objects.filter(ended_at__isnull=True)
    return list(rows.values_list("id", flat=True))


@transaction.atomic
def plan(*, destination_id: uuid.UUID, at: datetime) -> bool:
    """Write a row for what is owed; returns whether there may be more at once.

    Of two that plan at once the second finds the rows of the first. How far was
    looked is kept, so that a long history is not read anew each time; a day before
    that is looked through again, for what was committed late.
    """
    rows = Destination.objects.select_for_update().filter(ended_at__isnull=True)
    row = rows.filter(id=destination_id).first()
    if row is None:
        return False
    policy = delivery_policy()
    found = [
        _made(row, score, cause=_cause(score), at=at)
        for score in _without_a_row(row)[: policy.batch]
    ]
    again = owed_again(row, since=_floor(row))[: policy.batch]
    found += [_made(row, score, cause=cause, at=at) for score, cause in again]
    Delivery.objects.bulk_create(found, ignore_conflicts=True)
    if len(found) >= policy.batch:
        return True
    row.planned_to_at = at
    row.save(update_fields=["planned_to_at"])
    return False


def _floor(row: Destination) -> datetime:
    """From when on it is looked: a day before it was looked last."""
    if row.planned_to_at is None:
        return row.since_at
    overlap = timedelta(seconds=delivery_policy().overlap)
    return max(row.since_at, row.planned_to_at - overlap)


def _without_a_row(row: Destination) -> QuerySet[Score]:
    floor = _floor(row)
    made = Delivery.objects.filter(
        destination=row, administration=OuterRef("pk"), version=OuterRef("version")
    )
    scores = Score.objects.filter(
        clinic_id=row.clinic_id,
        administration__screening__status=Screening.Status.COMPLETED,
        # What a receiver never had need not be taken back there.
        administration__screening__retracted_at=None,
    )
    # When it came to stand in the record; a score's own time is that of its answers.
    scores = scores.filter(
        Q(administration__completed_at__gte=floor) | Q(amended_at__gte=floor)
    )
    # A form that was never asked has a row of its score, and no result.
    scores = scores.filter(~Exists(made), was_asked("administration")).select_related(
        "administration", "patient"
    )
    return scores.order_by("administration__completed_at", "pk")


def _cause(score: Score) -> datetime:
    return score.amended_at or score.administration.completed_at or score.at


def _made(row: Destination, score: Score, *, cause: datetime, at: datetime) -> Delivery:
    return Delivery(
        destination=row,
        patient_id=score.patient.merged_into_id or score.patient_id,
        administration_id=score.pk,
        version=score.version,
        state=State.DUE,
        caused_at=cause,
        created_at=at,
        next_at=at,
    )
