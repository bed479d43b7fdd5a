"""Takes a screening out of a patient's results for good: it was entered in error."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.audit import Actor
from core.models import User
from core.permissions import Permission, check_can
from screening.actions import chain
from screening.actions.rejudging import judge_again, lock_later
from screening.models import Administration, Retraction, Score, Screening
from screening.models.sitting import NoSuchSitting, load


class RetractRefused(ValueError):
    """The screening cannot be retracted; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why: a reason of the data file with its words, and what somebody wrote."""

    reason: str
    label: str
    note: str = ""


def retractable(screening: Screening) -> bool:
    """Return whether it may be: somebody answered, it is over, and it still counts."""
    begun = screening.started_at or screening.completed_at
    return bool(begun) and not screening.is_open and screening.retracted_at is None


@transaction.atomic
def retract(
    *, screening_id: uuid.UUID, grounds: Grounds, by: User, at: datetime
) -> Retraction:
    """Say that a screening was entered in error; nothing of it is removed.

    Its flags stay, and so does the case that they are in: only a person closes that.
    Later scores are looked at again without it. Raises NoSuchSitting, RetractRefused.
    """
    check_can(by, Permission.RETRACT)
    screening = load(screening_id, lock=True).screening
    if screening.clinic_id != by.clinic_id:
        raise NoSuchSitting(screening_id)
    _check(screening)
    later = _later(screening)
    row = Retraction.objects.create(
        screening=screening,
        reason=grounds.reason,
        reason_label=grounds.label,
        note=grounds.note.strip(),
        by=by,
        at=at,
    )
    # Whoever has the patient's pages open reads no answer there from now on. The session
    # is not ended: what is said about danger on a page left open is heard all the same.
    screening.retracted_at = at
    staff = Actor.staff(by)
    chain.note(
        screening,
        "SCREENING_RETRACTED",
        by=staff,
        at=at,
        detail={"reason": grounds.reason},
    )
    chain.save(screening, "retracted_at")
    judge_again(later, by=staff, at=at)
    return row


def _check(screening: Screening) -> None:
    if screening.retracted_at is not None:
        raise RetractRefused(
            "This screening has been marked as entered in error already."
        )
    if not retractable(screening):
        raise RetractRefused(
            "Only a screening that was begun and is over can be marked as entered in "
            "error. Revoke its link, or discard the entry, first."
        )


def _later(screening: Screening) -> list[Administration]:
    """Return what was scored after this one: it is compared with others from now on."""
    scores = Score.objects.filter(administration__screening=screening)
    known = dict(scores.values_list("instrument_id", "at"))
    if not known:
        return []
    return lock_later(screening.patient_id, list(known), after=max(known.values()))
