"""Makes results leave, and exports: rows that are owed, one step after the other.

Rows are the truth. `manage.py deliver` runs `tick` in a plain loop; Celery only rings
it now and then. Either may die at any moment, and both may run at once.
"""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from records.tasks import exporting, notifying, sending

Clock = Callable[[], datetime]


def tick(clock: Clock = timezone.now) -> bool:
    """Do what is owed; returns whether there may be more at once."""
    sent = sending.tick(clock)
    told = notifying.tick(clock)
    made = exporting.tick(clock)
    return sent or told or made


@shared_task(name="records.tasks.deliver")
def deliver() -> None:
    """The doorbell: whatever is due leaves, whoever rang."""
    tick()
