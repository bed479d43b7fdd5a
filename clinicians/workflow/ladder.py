"""Who is told next when nobody has acknowledged a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The rungs of the ladder, lowest first."""

    OWNER = "owner"
    TEAM = "team"
    ON_CALL = "on-call"
    SUPERVISOR = "supervisor"


LADDER: tuple[Step, ...] = tuple(Step)
TOP = len(LADDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """What to do now: whom to tell at which step, and where the ladder then stands."""

    step: Step | None
    told: tuple[str, ...]
    next_step: int
    at_top: bool


def climb(step: int, recipients: Mapping[Step, Sequence[str]]) -> Climb:
    """Tell the first step from `step` on that has anybody; past the top, the last."""
    for index in range(step, TOP):
        told = tuple(dict.fromkeys(recipients.get(LADDER[index], ())))
        if told:
            return Climb(
                step=LADDER[index], told=told, next_step=index + 1, at_top=False
            )
    for rung in reversed(LADDER):
        told = tuple(dict.fromkeys(recipients.get(rung, ())))
        if told:
            return Climb(step=rung, told=told, next_step=TOP, at_top=True)
    return Climb(step=None, told=(), next_step=TOP, at_top=True)
