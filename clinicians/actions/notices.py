"""What becomes of a notice: claimed by one sender, then sent, put off or given up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from clinicians.actions.base import leave_trace
from clinicians.models import Notice, ReviewEvent
from clinicians.workflow import TOP, Status
from screening.models import Episode

# Longer than a mail server may take: a second sender must not cut in.
LEASE = timedelta(minutes=2)
# Receivers are asked side by side, so a round takes no longer for more of them.
WEBHOOK_BATCH = 50
# So many mails fit within the lease even if each meets a dead server.
BATCH = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
DOUBLINGS = 10


def claim_due(
    *, at: datetime, channel: Notice.Channel = Notice.Channel.EMAIL
) -> list[Notice]:
    """Return the notices of one channel that this process now has to send.

    Each claim is a conditional update that must change exactly one row. A sender
    that dies lets its lease run out, and the notice is due again.
    """
    # Nothing is put off longer than this: a time further ahead was written by a
    # clock that has been put right since.
    never = at + LONGEST_WAIT + LEASE
    owed = Notice.objects.filter(Q(next_at__lte=at) | Q(next_at__gt=never))
    owed = owed.filter(channel=channel)
    batch = BATCH if channel == Notice.Channel.EMAIL else WEBHOOK_BATCH
    return [
        notice
        for notice in owed.select_related("episode__clinic").order_by("next_at", "id")[
            :batch
        ]
        if _claim(notice, at=at)
    ]


def _claim(notice: Notice, *, at: datetime) -> bool:
    if notice.episode.status != Status.OPEN:
        Notice.objects.filter(id=notice.id, next_at=notice.next_at).update(
            next_at=None, stopped_at=at
        )
        return False
    mine = Notice.objects.filter(id=notice.id, next_at=notice.next_at).update(
        next_at=at + LEASE, attempts=F("attempts") + 1
    )
    notice.attempts += mine
    return mine == 1


def mark_sent(notices: Iterable[Notice], *, at: datetime) -> None:
    """Say that the mail server or the receiver accepted them.

    Of two senders, one whose lease had run out, the first is recorded. One row at a
    time: whoever takes a case in hand at this moment is never waited for in a ring.
    """
    for notice in notices:
        Notice.objects.filter(id=notice.id, sent_at__isnull=True).update(
            sent_at=at, next_at=None, failed_at=None, last_error=""
        )


def wait_after(attempts: int) -> timedelta:
    """How long to wait: a little longer each time.

    Past a few doublings the longest wait holds; a larger power is no time at all.
    """
    doubled: int = 2 ** min(attempts - 1, DOUBLINGS)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def put_off(notices: Iterable[Notice], *, error: str, at: datetime) -> None:
    """Try again later, a little later each time."""
    for notice in notices:
        Notice.objects.filter(id=notice.id, next_at__isnull=False).update(
            next_at=at + wait_after(notice.attempts), last_error=error[:200]
        )


def give_back(notices: Iterable[Notice], *, at: datetime) -> None:
    """They were claimed and not tried: due at once, and no try is counted."""
    for notice in notices:
        mine = Notice.objects.filter(id=notice.id, attempts=notice.attempts)
        mine.filter(next_at__isnull=False).update(
            next_at=at, attempts=F("attempts") - 1
        )


def give_up(notices: Iterable[Notice], *, error: str, at: datetime) -> None:
    """Stop trying an address that will never accept; the case says so.

    If nobody else is told at this step the ladder climbs at once: waiting for an
    answer from somebody who was never told helps nobody.
    """
    for notice in notices:
        _give_up(notice, error=error, at=at)


@transaction.atomic
def _give_up(notice: Notice, *, error: str, at: datetime) -> None:
    """The case is locked first and then its notice, as by everybody else: in the
    other order this and a claim would wait for each other, and one would fail."""
    row = Episode.objects.select_for_update().get(id=notice.episode_id)
    gone = Notice.objects.filter(id=notice.id, next_at__isnull=False).update(
        next_at=None, failed_at=at, last_error=error[:200]
    )
    if gone:
        _tell_the_case(row, notice, at=at)


def _somebody_else_was_told(notice: Notice) -> bool:
    beside = Notice.objects.filter(
        episode_id=notice.episode_id, round=notice.round, step=notice.step
    )
    return beside.filter(failed_at__isnull=True).exists()


def _tell_the_case(row: Episode, notice: Notice, *, at: datetime) -> None:
    if row.status != Status.OPEN:
        return
    leave_trace(row, ReviewEvent.Kind.NOTICE_FAILED, by=None, at=at, code=notice.step)
    if _somebody_else_was_told(notice):
        return
    # At the top it waits its turn: an address that is gone must not make a storm.
    lower = Episode.objects.filter(id=row.id, ladder_step__lt=TOP)
    lower.filter(next_notice_at__gt=at).update(next_notice_at=at)
