"""The team's figures: cases from before the days asked for may hardly make them slower."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

from bench import load
from bench.cpu import Meter
from bench.figures import Figure, exactly, shown
from bench.load import Ask
from bench.place import KINDS, Place
from bench.sizes import best_of

# Closed cases are found by when they were closed without an index of their own.
LIMIT = 2
RECENT = 500  # alerts in the month that is looked at
FEW, MANY = 1_000, 50_000
ROUNDS, LOOKS = 5, 4
QUICK_ROUNDS, QUICK_MANY = 3, 5_000


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure both sizes side by side, on both databases."""
    for kind in KINDS:
        yield from _sizes(kind, quick=quick)


def _sizes(kind: str, *, quick: bool) -> Iterator[Figure]:
    many = QUICK_MANY if quick else MANY
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with ExitStack() as kept:
        teams = [Team(kind, old, kept) for old in (FEW, many)]
        few, lots = best_of(teams, rounds)
    name = f"figures, {kind}: queries at {many:,} as at {FEW:,} older cases"
    yield exactly(name, teams[1].queries, teams[0].queries)
    name = f"figures, {kind}: CPU at {many:,} to {FEW:,} older cases"
    made_of = f"{lots:.0f} ms to {few:.0f} ms, best of {rounds}"
    yield Figure(name=name, value=lots / few, limit=LIMIT, made_of=made_of)
    yield shown(f"figures, {kind}: CPU of both pages", lots, "ms")


class Team:
    """One clinic's figures in a place of its own, served."""

    def __init__(self, kind: str, old: int, kept: ExitStack) -> None:
        place = kept.enter_context(Place(kind))
        made = json.loads(place.manage("bench_figures", str(RECENT), str(old)))
        self.queries: int = made["queries"]
        self.asks = [Ask(path=path, cookie=made["cookie"]) for path in made["paths"]]
        self.port, pid = kept.enter_context(place.web())
        self.meter = Meter([pid, *place.database_pids])

    def look(self) -> float:
        """Return the CPU seconds of one look at both pages."""
        lane = self.asks * LOOKS
        used = self.meter.of(lambda: load.run(self.port, [lane], _shown))
        return used / LOOKS


def _shown(status: int, _location: str) -> bool:
    return status == 200
