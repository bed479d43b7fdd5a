"""Takes up what is owed, for one worker and for a while."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from records.definitions import delivery_policy
from records.models import Delivery, Notification
from records.workflow import State

Owed = TypeVar("Owed", Delivery, Notification)


def claim(row: Owed, as_read: QuerySet[Owed], *, at: datetime) -> bool:
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
