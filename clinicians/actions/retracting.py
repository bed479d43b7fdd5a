"""Marking a screening as entered in error: on the screening, and on the cases it is in."""

import uuid
from datetime import datetime

from django.db import transaction

from clinicians.actions.base import leave_trace, locked, move
from clinicians.definitions import retract_reasons
from clinicians.models import ReviewEvent
from clinicians.workflow import Status
from core.models import User
from screening.actions import Grounds, RetractRefused, retract
from screening.models import Episode, Retraction


@transaction.atomic
def mark_in_error(
    *, screening_id: uuid.UUID, reason: str, note: str, by: User, at: datetime
) -> Retraction:
    """Retract it; no case is moved, but each says so, and its open pages are out of date.

    Raises RetractRefused, NoSuchSitting.
    """
    reasons = retract_reasons()
    if reason not in reasons.labels:
        raise RetractRefused("Choose one of the reasons shown.")
    if reason in reasons.noted and not note.strip():
        raise RetractRefused("Write what happened: this reason alone does not say it.")
    label = reasons.labels[reason]
    row = retract(
        screening_id=screening_id,
        grounds=Grounds(reason=reason, label=label, note=note),
        by=by,
        at=at,
    )
    # Screenings are locked before cases, and cases before the clinic's log.
    cases = Episode.objects.filter(flags__screening=screening_id).distinct()
    for mine in [locked(case) for case in cases.order_by("id")]:
        if mine.status != Status.CLOSED:
            move(mine)
        leave_trace(
            mine,
            ReviewEvent.Kind.RETRACTED,
            by=by,
            at=at,
            text=label,
            detail={"screening": str(screening_id)},
        )
    return row
