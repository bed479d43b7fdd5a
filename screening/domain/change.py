"""Two scores of one instrument: reliable change, response, remission."""

from dataclasses import dataclass
from typing import Literal

from screening.domain.measures import ChangeRule

Direction = Literal["improvement", "worsening", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the difference between two complete totals means, and by whose numbers."""

    difference: int
    reliable: Direction
    response: bool
    remission: bool
    meaningful: bool
    source: str


def compare(rule: ChangeRule, earlier: int, later: int) -> Change:
    """Read the step from one total to the next; lower is better."""
    difference = later - earlier
    return Change(
        difference=difference,
        reliable=_direction(difference, rule.reliable.points),
        response=_response(rule, earlier, later),
        remission=_remission(rule, earlier, later),
        meaningful=(
            rule.meaningful is not None and abs(difference) >= rule.meaningful.points
        ),
        source=rule.reliable.source,
    )


def _direction(difference: int, points: int) -> Direction:
    if difference >= points:
        return "worsening"
    if difference <= -points:
        return "improvement"
    return "none"


def _response(rule: ChangeRule, earlier: int, later: int) -> bool:
    """A fall by the stated share; from zero nothing can fall."""
    if rule.response_percent is None or earlier == 0:
        return False
    return (earlier - later) * 100 >= earlier * rule.response_percent.points


def _remission(rule: ChangeRule, earlier: int, later: int) -> bool:
    """Below the line now, and not below it before."""
    if rule.remission_below is None:
        return False
    line = rule.remission_below.points
    return earlier >= line > later
