"""One page at two sizes of history, looked at in turns, so that a busy moment hits both."""

from collections.abc import Sequence
from typing import Protocol


class Looked(Protocol):
    """A place that is looked at."""

    def look(self) -> float:
        """Return the CPU seconds of one look."""


def best_of(places: Sequence[Looked], rounds: int) -> list[float]:
    """Return each place's best look in ms, after one that warms it."""
    for each in places:
        each.look()
    results = [[each.look() for each in places] for _ in range(rounds)]
    return [min(seconds) * 1000 for seconds in zip(*results, strict=True)]
