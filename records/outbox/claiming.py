"""Takes up what is owed, for one worker and for a while, and puts it down again."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from records.definitions import delivery_policy
from records.models.owed import Owed
from records.workflow import Mover, Outcome, State, check_move, wait_after

Row = TypeVar("Row", bound=Owed)


def claim(row: Row, as_read: QuerySet[Row], *, at: datetime) -> bool:
    """Whether it is this worker's now, for the policy's lease.

    `as_read`: the row as it was when it was chosen; a worker that was quicker changed it.
    """
    lease = timedelta(seconds=delivery_policy().lease)
    try:
        with transaction.atomic():
            changed = as_read.update(
                state=State.SENT,
                next_at=at + lease,
                sent_at=at,
                tries=F("tries") + 1,
                claims=F("claims") + 1,
            )
    except IntegrityError:
        # Something of the same patient, or of the same subscriber, is under way there.
        return False
    row.claims += changed
    row.tries += changed
    return changed == 1


def put_down(
    row: Row,
    rows: QuerySet[Row],
    state: State,
    outcome: Outcome,
    *,
    at: datetime,
    **more: Any,
) -> bool:
    """Keep what became of a try; False if somebody else has taken the row up since.

    `rows`: where the row is; `more`: other columns to keep. Raises MoveRefused.
    """
    check_move(State.SENT, state, Mover.SENDER)
    due = state is State.DUE
    again = at + wait_after(row.tries, delivery_policy())
    changed = rows.filter(id=row.pk, claims=row.claims, state=State.SENT).update(
        state=state,
        next_at=again if due else None,
        settled_at=None if due else at,
        status=outcome.status,
        last_error=outcome.sentence[:200],
        **more,
    )
    return bool(changed)
