"""Where the points of a course of totals stand: pure geometry, time as it really passed.

The axis is the instrument's own range, low at the bottom: going down is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# In the units of the drawing; the page scales it so that text stays readable. Above
# the points is a lane for the numbers of treatment events, below them one for days.
WIDTH, HEIGHT = 320, 250
LEFT, RIGHT, TOP, BOTTOM = 30, 14, 32, 28
# Nearer than this, two events share one label: "2–3".
NEAR = 38
LETTER = 9


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The time that a drawing spans."""

    start: datetime
    end: datetime

    def x_of(self, at: datetime) -> float:
        """The place of a moment; where nothing is spanned, the middle."""
        span = self.end - self.start
        share = (at - self.start) / span if span else 0.5
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The number of an event, or of several that stand close together."""

    x: float
    text: str


def axis(
    totals: Sequence[datetime], events: Sequence[datetime], *, reach: timedelta
) -> Axis:
    """From the first total to the last, and on to an event that is not far outside."""
    first, last = min(totals), max(totals)
    near = [at for at in events if first - reach <= at <= last + reach]
    return Axis(start=min([first, *near]), end=max([last, *near]))


def labels(places: Sequence[tuple[int, float]]) -> tuple[Label, ...]:
    """Labels for events by (number, x), in the order of their places."""
    groups: list[list[tuple[int, float]]] = []
    for place in sorted(places, key=lambda one: (one[1], one[0])):
        if groups and place[1] - groups[-1][0][1] < NEAR:
            groups[-1].append(place)
        else:
            groups.append([place])
    return tuple(_label(group) for group in groups)


def _label(group: Sequence[tuple[int, float]]) -> Label:
    numbers = sorted(number for number, _ in group)
    middle = sum(x for _, x in group) / len(group)
    text = str(numbers[0])
    if len(numbers) > 1:
        text = f"{numbers[0]}–{numbers[-1]}"
    # Half of the text's own width: it stays over its line, and inside.
    edge = len(text) * LETTER / 2
    x = min(max(middle, LEFT + edge), WIDTH - RIGHT - edge)
    return Label(x=round(x, 2), text=text)


def height_of(total: float, maximum: int) -> float:
    """The place of a total between the foot (0) and the top (the maximum)."""
    room = HEIGHT - TOP - BOTTOM
    return round(TOP + room * (1 - total / maximum), 2)


def dots(
    readings: Sequence[Reading], *, maximum: int, along: Axis | None = None
) -> tuple[Dot, ...]:
    """A place for each reading, in their order; a single one stands in the middle."""
    if not readings:
        return ()
    times = [one.at for one in readings]
    along = along or axis(times, (), reach=timedelta(0))
    return tuple(
        Dot(x=along.x_of(one.at), y=height_of(one.total, maximum)) for one in readings
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
