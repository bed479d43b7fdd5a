"""One beat of the safety loop: rows in, notices out. It needs no broker and may run twice.

Each job and each row is guarded on its own: one that fails is logged and tried
again, and holds up no other.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from django.utils import timezone

from clinicians import notify
from clinicians.actions import (
    climbing,
    emergencies,
    mailing,
    notices,
    schedule_runs,
)
from clinicians.actions.names import index_names_waiting
from clinicians.models import Notice, PatientMail
from core import audit
from core.models import SystemHeartbeat
from screening import engine
from screening.actions import expire_overdue

log = logging.getLogger(__name__)

HEARTBEAT = "watch"
# Seconds for mails in one round: the loop is soon back at what safety rests on.
LONGEST_ROUND = 15.0
UNREADABLE = "The address cannot be read: its key is gone, or the entry was changed."
Clock = Callable[[], datetime]


class AllFailed(Exception):
    """Not one row of several could be worked on: the job is broken, not a row."""


class Ran(NamedTuple):
    """How a job ended: whether it ran through, and what it said."""

    well: bool
    more: bool = False


def beat(at: datetime) -> None:
    """Say that the loop is alive; pages warn when this row grows old."""
    SystemHeartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": at})


def tick(clock: Clock = timezone.now) -> bool:
    """Do all that is owed now; returns whether there may be more at once.

    Climbing comes first and sending second: nobody waits for a slow mail server
    to get onto the ladder. Webhooks come after the mails, so that no receiver holds
    one up. The heart beats only if all ran through: a loop that
    turns without telling anybody must look as dead as it is. What patients are owed
    comes last.
    """
    climbed = guarded("climb", lambda: climb_due(clock))
    sent = guarded("send", lambda: send_due(clock, beating=climbed.well))
    posted = guarded("send webhooks", lambda: send_webhooks_due(clock))
    well = climbed.well and sent.well and posted.well
    if well:
        guarded("heartbeat", lambda: beat(clock()))
    told = guarded("tell of emergencies", lambda: tell_of_emergencies(clock))
    guarded("unheard words", lambda: engine.sweep_unheard(at=clock()))
    guarded("expiry", lambda: expire_overdue(at=clock()))
    guarded("names", index_names_waiting)
    planned = guarded("schedules", lambda: plan_due(clock))
    # A mail to a patient says nothing of notices that did not leave.
    mailed = guarded("mails to patients", lambda: send_mails_due(clock, beating=well))
    guarded("audit day", lambda: bool(audit.close_day(clock())))
    return any(ran.more for ran in (climbed, sent, posted, told, planned, mailed))


def guarded(job: str, run: Callable[[], object]) -> Ran:
    """Run one job; a failure is logged, and the loop goes on."""
    try:
        return Ran(well=True, more=bool(run()))
    except Exception:
        log.exception("watch: %s failed", job)
        return Ran(well=False)


def each(job: str, runs: Sequence[Callable[[], object]]) -> None:
    """Run each on its own; raises AllFailed if several were due and none did."""
    failed = [run for run in runs if not guarded(job, run).well]
    if len(failed) > 1 and len(failed) == len(runs):
        raise AllFailed(job)


def climb_due(clock: Clock) -> bool:
    """Take every due case one step up its ladder."""
    due = climbing.due_cases(at=clock())
    each("climb one case", [_climber(episode_id, clock) for episode_id in due])
    return len(due) == climbing.BATCH


def _climber(episode_id: uuid.UUID, clock: Clock) -> Callable[[], int]:
    return lambda: climbing.climb_case(episode_id=episode_id, at=clock())


def send_due(clock: Clock, *, beating: bool = False) -> bool:
    """Send a few of the notices that are owed; returns whether there may be more.

    `beating`: say after each message that the loop lives, for mail may be slow.
    """
    claimed = notices.claim_due(at=clock())
    sealed = notify.sealed_off(claimed)
    each("give up an unreadable notice", [_dropper(n, clock) for n in sealed])
    groups = notify.by_recipient(n for n in claimed if n not in sealed)
    senders = [_sender(group, clock, beating=beating) for group in groups]
    ends = monotonic() + LONGEST_ROUND
    each(
        "send one notice",
        [_in_time(*one, ends, clock) for one in zip(groups, senders, strict=True)],
    )
    return len(claimed) > 0


def _in_time(
    group: Sequence[Notice], send: Callable[[], None], ends: float, clock: Clock
) -> Callable[[], None]:
    """Send, or give the claim back where the mail server took all of the round: who
    is to climb meanwhile does not wait for it, nor do the webhooks."""

    def run() -> None:
        if monotonic() > ends:
            return notices.give_back(group, at=clock())
        return send()

    return run


def _dropper(notice: Notice, clock: Clock) -> Callable[[], None]:
    return lambda: notices.give_up([notice], error=UNREADABLE, at=clock())


def _sender(
    group: Sequence[Notice], clock: Clock, *, beating: bool
) -> Callable[[], None]:
    def send() -> None:
        send_group(group, clock)
        if beating:
            guarded("heartbeat", lambda: beat(clock()))

    return send


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


def send_webhooks_due(clock: Clock) -> bool:
    """Send what is owed to receivers, side by side, and settle each on its own."""
    claimed = notices.claim_due(at=clock(), channel=Notice.Channel.WEBHOOK)
    sealed = notify.sealed_off(claimed)
    each("give up an unreadable notice", [_dropper(n, clock) for n in sealed])
    owed = [notice for notice in claimed if notice not in sealed]
    said = notify.deliver_webhooks(owed, at=clock())
    each("settle one webhook", [_settler(n, said[n.key], clock) for n in owed])
    return len(claimed) > 0


def _settler(
    notice: Notice, failed: notify.WebhookFailed | None, clock: Clock
) -> Callable[[], None]:
    def settle() -> None:
        if failed is None:
            return notices.mark_sent([notice], at=clock())
        settled = notices.give_up if failed.permanent else notices.put_off
        return settled([notice], error=str(failed), at=clock())

    return settle


def plan_due(clock: Clock) -> bool:
    """Take each day of a schedule that has come; returns whether there may be more."""
    due = schedule_runs.due_schedules(at=clock())
    each("take a day of a schedule", [_planner(id_, clock) for id_ in due])
    return len(due) == schedule_runs.BATCH


def _planner(schedule_id: uuid.UUID, clock: Clock) -> Callable[[], object]:
    return lambda: schedule_runs.run_schedule(schedule_id=schedule_id, at=clock())


def send_mails_due(clock: Clock, *, beating: bool = False) -> bool:
    """Send a few of the mails that patients are owed; returns whether there may be
    more at once.

    Each is looked at anew in its turn: who withdrew a link while the one before it was
    under way has withdrawn it. A server that is slow or not reached is not asked for
    the rest in this round: the loop goes back to what safety rests on.
    """
    ends, tried = monotonic() + LONGEST_ROUND, 0
    due = mailing.due_mails(at=clock())
    for mail_id in due:
        if tried == mailing.BATCH or monotonic() > ends:
            return True
        mail = mailing.claim_mail(mail_id, at=clock())
        if mail is None:
            continue
        tried += 1
        if not _send_mail(mail, clock):
            return False
        if beating:
            guarded("heartbeat", lambda: beat(clock()))
    return len(due) == mailing.MOST_LOOKED_AT


def _send_mail(mail: PatientMail, clock: Clock) -> bool:
    """Send one and settle it; returns whether the mail server was reached.

    Whatever is wrong with one holds up no other.
    """
    failed = _deliver(mail)
    if failed is None:
        mailing.mark_sent(mail, at=clock())
    elif failed.permanent:
        mailing.give_up(mail, error=str(failed), at=clock())
    else:
        mailing.put_off(mail, error=str(failed), at=clock())
    if failed is None or failed.reached:
        return True
    mailing.wait_for_server(error=str(failed), at=clock())
    return False


def _deliver(mail: PatientMail) -> notify.MailFailed | None:
    """Why it did not go out, or None."""
    try:
        notify.deliver_to_patient(mail)
    except notify.MailFailed as error:
        return error
    except Exception:
        log.exception("watch: mail %s cannot be made", mail.id)
        return notify.MailFailed("The message could not be made.", permanent=False)
    return None


def tell_of_emergencies(clock: Clock) -> bool:
    """Tell the supervisors of one clinic whose records were opened in an emergency."""
    claimed = emergencies.claim_untold(at=clock())
    if not claimed:
        return False
    clinic = claimed[0].clinic
    people = emergencies.to_be_told(clinic)
    try:
        notify.send_emergency(to=people, clinic=clinic, opened=claimed)
    except notify.MailFailed as error:
        log.warning("watch: supervisors not told of an emergency: %s", error)
        for row in claimed:
            emergencies.tell_later(row, at=clock())
    else:
        emergencies.mark_told(claimed, at=clock())
    return True
