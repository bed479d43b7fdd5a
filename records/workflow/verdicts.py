"""What an answer of a receiver means, and what follows from a failure."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from records.workflow.moves import State
from records.workflow.policy import DeliveryPolicy


class Verdict(StrEnum):
    """What became of one try.

    BARRED: the receiver does not let us in. Nothing is wrong with what was sent, so
    it waits, and so does everything else for that receiver.
    """

    TAKEN = "TAKEN"
    REFUSED = "REFUSED"
    PASSING = "PASSING"
    BARRED = "BARRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a door says of one try. `here`: the receiver itself was not reached, or
    does not let us in, so nothing else is tried there meanwhile.

    `receipt`: what the receiver said it made: kinds, statuses, addresses.
    """

    verdict: Verdict
    sentence: str = ""
    status: int | None = None
    here: bool = False
    receipt: list[dict[str, Any]] = field(default_factory=list)


_BARRED = frozenset({401, 403})
# Refusals that say "not now": timed out, in conflict, another condition, too early,
# too often.
_NOT_NOW = frozenset({408, 409, 412, 425, 429})


def verdict_of(status: int) -> Verdict:
    """Read an HTTP status; only what cannot get better by itself is a refusal."""
    if 200 <= status < 300:
        return Verdict.TAKEN
    if status in _BARRED:
        return Verdict.BARRED
    if 400 <= status < 500 and status not in _NOT_NOW:
        return Verdict.REFUSED
    return Verdict.PASSING


def after_failure(verdict: Verdict, tries: int, policy: DeliveryPolicy) -> State:
    """Where a delivery goes after a try that failed; `tries` counts this one."""
    if verdict is Verdict.REFUSED:
        return State.REFUSED
    return State.DEAD if tries >= policy.tries else State.DUE


def wait_after(tries: int, policy: DeliveryPolicy) -> timedelta:
    """How long to wait before the next try: doubled each time, up to the longest."""
    seconds = policy.first_wait
    for _ in range(tries - 1):
        seconds = min(seconds * 2, policy.longest_wait)
    return timedelta(seconds=seconds)
