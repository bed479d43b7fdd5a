"""The last turn of a screening: submitting it, or leaving it."""

from datetime import datetime

from django.db import transaction

from core.audit import Actor
from screening.actions import entry, expiring, rejudging, submitting
from screening.domain import dialogue
from screening.engine import hearing
from screening.engine.values import Outcome, Over, Seat, Taken, actor
from screening.models import Administration, Screening
from screening.models.sitting import Sitting


@transaction.atomic
def submit(seat: Seat, *, at: datetime) -> Taken:
    """Submit a screening; a second submit leads to the same end page.

    An item still open leads back to it: an unfinished screening is never scored
    as if it were finished.
    """
    sitting = hearing.locked(seat)
    screening = sitting.screening
    if screening.status == Screening.Status.COMPLETED:
        return Taken(Outcome(to="done"), sitting)
    if not screening.is_open:
        raise Over
    if expiring.is_stale(screening, at=at):
        entry.stop(sitting, Screening.Status.EXPIRED, by=Actor.system("expiry"), at=at)
        return Taken(Outcome(to="expired"), sitting)
    open_step = dialogue.first_open(sitting.dialogue())
    if open_step is not None:
        outcome = Outcome.at_step("question", sitting, open_step, note="still-open")
        return Taken(outcome, sitting)
    by = actor(seat, sitting)
    later = _later(sitting)
    submitting.submit(sitting, by=by, at=at)
    rejudging.judge_again(later, by=by, at=at)
    return Taken(Outcome(to="done"), sitting)


def _later(sitting: Sitting) -> list[Administration]:
    """Return what was scored already and is later than a form that comes in late."""
    screening = sitting.screening
    if screening.answered_at is None:
        return []
    instruments = {a.instrument.id for a in sitting.administrations}
    return rejudging.lock_later(
        screening.patient_id, instruments, after=screening.answered_at
    )


def withdraw(screening: Screening, *, at: datetime) -> None:
    """Leave a screening for good; what was said stays, and stays flagged."""
    try:
        entry.withdraw(screening=screening, at=at)
    except entry.TooLate as late:
        raise Over from late
