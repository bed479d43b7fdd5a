"""The staff's queue: what is long closed may not make it slower."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

from bench import load
from bench.cpu import Meter
from bench.figures import Figure, exactly
from bench.load import Ask
from bench.place import KINDS, THREADS, Place
from bench.sizes import best_of

LIMIT = 1.2
OPEN = 60  # more than a page of 50
FEW, MANY = 1_000, 20_000
ROUNDS, LOOKS = 7, 40
QUICK_ROUNDS, QUICK_MANY = 3, 5_000


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure both sizes side by side, on both databases."""
    for kind in KINDS:
        yield from _sizes(kind, quick=quick)


def _sizes(kind: str, *, quick: bool) -> Iterator[Figure]:
    many = QUICK_MANY if quick else MANY
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with ExitStack() as kept:
        queues = [Queue(kind, closed, kept) for closed in (FEW, many)]
        few, lots = best_of(queues, rounds)
    name = f"queue, {kind}: queries at {many:,} as at {FEW:,} closed"
    yield exactly(name, queues[1].queries, queues[0].queries)
    name = f"queue, {kind}: CPU at {many:,} to {FEW:,} closed"
    made_of = f"{lots:.1f} ms to {few:.1f} ms, best of {rounds}"
    yield Figure(name=name, value=lots / few, limit=LIMIT, made_of=made_of)


class Queue:
    """One clinic's queue in a place of its own, served."""

    def __init__(self, kind: str, closed: int, kept: ExitStack) -> None:
        place = kept.enter_context(Place(kind))
        made = json.loads(place.manage("bench_queue", str(OPEN), str(closed)))
        self.queries: int = made["queries"]
        self.ask = Ask(path=made["path"], cookie=made["cookie"])
        self.port, pid = kept.enter_context(place.web())
        self.meter = Meter([pid, *place.database_pids])

    def look(self) -> float:
        """Return the CPU seconds of one look at the first page."""
        lanes = [[self.ask] * (LOOKS // THREADS)] * THREADS
        used = self.meter.of(lambda: load.run(self.port, lanes, _shown))
        return used / LOOKS


def _shown(status: int, _location: str) -> bool:
    return status == 200
