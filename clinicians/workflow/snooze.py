"""How long a case in hand may be put off: never past its due time."""

from datetime import datetime, timedelta

from clinicians.workflow.policy import ReviewPolicy
from screening.domain.rules import Tier


class SnoozeRefused(ValueError):
    """Why this case cannot be put off so, in a sentence."""


def latest_wake(
    policy: ReviewPolicy, tier: Tier, *, due_at: datetime, at: datetime
) -> datetime:
    """Return until when a case may be put off at most; not after `at` if not at all."""
    return min(due_at, at + timedelta(minutes=policy.snooze[tier]))


def offers(
    policy: ReviewPolicy, tier: Tier, *, due_at: datetime, at: datetime
) -> tuple[int, ...]:
    """Return for how many minutes this case may be put off now."""
    latest = latest_wake(policy, tier, due_at=due_at, at=at)
    return tuple(
        minutes
        for minutes in policy.snooze_offers
        if at + timedelta(minutes=minutes) <= latest
    )


def check_snooze(
    policy: ReviewPolicy,
    tier: Tier,
    *,
    until: datetime,
    reason: str,
    due_at: datetime,
    at: datetime,
) -> None:
    """Raise SnoozeRefused unless a case may be put off until then."""
    if not reason.strip():
        raise SnoozeRefused("Write why this case can wait.")
    if due_at <= at:
        raise SnoozeRefused("This case is overdue. It cannot be put off.")
    if until <= at:
        raise SnoozeRefused("Choose a time that is still ahead.")
    if until > due_at:
        raise SnoozeRefused("This case is due before that. Choose an earlier time.")
    if until > latest_wake(policy, tier, due_at=due_at, at=at):
        raise SnoozeRefused("A case like this cannot be put off for so long.")
