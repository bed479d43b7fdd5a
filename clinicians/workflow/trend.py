"""Where the points of a course of totals stand: pure geometry, time as it really passed.

The axis is the instrument's own range, low at the bottom: going down is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# In the units of the drawing; the page scales it so that text stays readable.
WIDTH, HEIGHT = 320, 230
LEFT, RIGHT, TOP, BOTTOM = 30, 14, 12, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One total: when, how much, and of which text; `whole`: every item answered."""

    at: datetime
    total: float
    form: str
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A reading's place."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A band's place: its upper edge and its height."""

    y: float
    height: float


def height_of(total: float, maximum: int) -> float:
    """The place of a total between the foot (0) and the top (the maximum)."""
    room = HEIGHT - TOP - BOTTOM
    return round(TOP + room * (1 - total / maximum), 2)


def dots(readings: Sequence[Reading], *, maximum: int) -> tuple[Dot, ...]:
    """A place for each reading, in their order; a single one stands in the middle."""
    if not readings:
        return ()
    first = min(one.at for one in readings)
    span = max(one.at for one in readings) - first
    room = WIDTH - LEFT - RIGHT
    return tuple(
        Dot(
            x=round(LEFT + room * ((one.at - first) / span if span else 0.5), 2),
            y=height_of(one.total, maximum),
        )
        for one in readings
    )


def joined(earlier: Reading, later: Reading, *, max_gap: timedelta) -> bool:
    """Whether a line may be drawn: both whole, the same text, not too far apart."""
    comparable = earlier.whole and later.whole and earlier.form == later.form
    return comparable and later.at - earlier.at <= max_gap


def strip(low: int, high: int, *, maximum: int) -> Strip:
    """The place of a band from the total `low` up to `high`, half a step around."""
    top = height_of(min(high + 0.5, maximum), maximum)
    foot = height_of(max(low - 0.5, 0), maximum)
    return Strip(y=top, height=round(foot - top, 2))
