"""One beat of the safety loop: rows in, notices out. It needs no broker and may run twice.

Each job and each row is guarded on its own: one that fails is logged and tried
again, and holds up no other.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone

from clinicians import notify
from clinicians.actions import climbing, notices
from clinicians.models import Notice
from core import audit
from core.models import SystemHeartbeat
from screening import engine
from screening.actions import expire_overdue

log = logging.getLogger(__name__)

HEARTBEAT = "watch"
Clock = Callable[[], datetime]


def beat(at: datetime) -> None:
    """Say that the loop is alive; pages warn when this row grows old."""
    SystemHeartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": at})


def tick(clock: Clock = timezone.now) -> bool:
    """Do all that is owed now; returns whether there may be more at once.

    Climbing comes first and sending second: nobody waits for a slow mail server
    to get onto the ladder.
    """
    guarded("heartbeat", lambda: beat(clock()))
    more = guarded("climb", lambda: climb_due(clock))
    more = guarded("send", lambda: send_due(clock)) or more
    guarded("unheard words", lambda: engine.sweep_unheard(at=clock()))
    guarded("expiry", lambda: expire_overdue(at=clock()))
    guarded("audit day", lambda: bool(audit.close_day(clock())))
    return more


def guarded(job: str, run: Callable[[], object]) -> bool:
    """Run one job; a failure is logged, and the loop goes on."""
    try:
        return bool(run())
    except Exception:
        log.exception("watch: %s failed", job)
        return False


def climb_due(clock: Clock) -> bool:
    """Take every due case one step up its ladder."""
    due = climbing.due_cases(at=clock())
    for episode_id in due:
        guarded("climb one case", _climber(episode_id, clock))
    return len(due) == climbing.BATCH


def _climber(episode_id: uuid.UUID, clock: Clock) -> Callable[[], int]:
    return lambda: climbing.climb_case(episode_id=episode_id, at=clock())


def send_due(clock: Clock) -> bool:
    """Send a few of the notices that are owed; returns whether there may be more."""
    claimed = notices.claim_due(at=clock())
    for group in notify.by_recipient(claimed):
        guarded("send one notice", _sender(group, clock))
        guarded("heartbeat", lambda: beat(clock()))
    return len(claimed) > 0


def _sender(group: Sequence[Notice], clock: Clock) -> Callable[[], None]:
    return lambda: send_group(group, clock)


def send_group(group: Sequence[Notice], clock: Clock) -> None:
    """Send one message and settle its notices, in that order.

    A crash in between sends again later: twice is better than never.
    """
    try:
        notify.deliver(group, at=clock())
    except notify.MailFailed as error:
        settle = notices.give_up if error.permanent else notices.put_off
        settle(group, error=str(error), at=clock())
        return
    notices.mark_sent(group, at=clock())
