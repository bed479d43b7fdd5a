"""One measured figure beside its limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Limit(StrEnum):
    """How a figure is held against its limit."""

    MOST = "at most"
    EXACTLY = "exactly"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, what it may be, and what it was made of."""

    name: str
    value: float
    unit: str = "x"
    limit: float = 0
    how: Limit = Limit.MOST
    made_of: str = ""

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        if self.how is Limit.EXACTLY:
            return self.value == self.limit
        return self.how is Limit.NONE or self.value <= self.limit

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "OVER"
        limit = f"{self.how} {_text(self.limit)}" if self.how else "(no limit)"
        value = f"{_text(self.value)} {self.unit}".strip()
        return f"{mark}  {self.name:<62}{value:>14}  {limit:<16}{self.made_of}"


def exactly(name: str, value: float, limit: float, unit: str = "") -> Figure:
    """A count that has to come out to the last one."""
    return Figure(name=name, value=value, limit=limit, unit=unit, how=Limit.EXACTLY)


def shown(name: str, value: float, unit: str = "x", made_of: str = "") -> Figure:
    """A figure without a limit, shown for its own sake."""
    return Figure(name=name, value=value, unit=unit, how=Limit.NONE, made_of=made_of)


def broken(figures: Iterable[Figure]) -> list[Figure]:
    """Return those whose limit does not hold."""
    return [figure for figure in figures if not figure.holds]


def _text(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:.2f}"
