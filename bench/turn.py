"""What one answer costs: CPU beside a bare insert, queries and commits exactly."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench import load
from bench.cpu import Meter
from bench.figures import Figure, exactly, shown
from bench.load import Ask
from bench.place import KINDS, THREADS, Place

LIMIT = 3.7
QUERIES = 6
PAGE_QUERIES = 2
TURNS = 16  # scored items of PHQ-9 and GAD-7
ROUNDS, SITTINGS = 12, 12
QUICK_ROUNDS, QUICK_SITTINGS = 4, 8

Costs = dict[str, "Cost"]


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure on both databases."""
    for kind in KINDS:
        with Place(kind) as place:
            yield from _counts(place)
            yield from _costs(place, quick=quick)


def _counts(place: Place) -> Iterator[Figure]:
    seen = json.loads(place.manage("bench_turns"))
    kind, turns = place.kind, seen["turns"]
    most = max(seen["queries"])
    yield Figure(name=f"turn, {kind}: queries", value=most, unit="", limit=QUERIES)
    yield exactly(f"turn, {kind}: commits of {turns} turns", seen["commits"], turns)
    page = seen["page_queries"]
    yield exactly(f"page, {kind}: queries", page, PAGE_QUERIES)


def _costs(place: Place, *, quick: bool) -> Iterator[Figure]:
    rounds = QUICK_ROUNDS if quick else ROUNDS
    sittings = QUICK_SITTINGS if quick else SITTINGS
    made = json.loads(place.manage("bench_sittings", str(rounds * sittings + 2)))
    with place.web() as (port, pid):
        server = Server(port, Meter([pid]), Meter(place.database_pids))
        server.round(made[:2])  # warm
        results = [
            server.round(made[2 + i * sittings : 2 + (i + 1) * sittings])
            for i in range(rounds)
        ]
    yield from _figures(place.kind, results)


def _figures(kind: str, rounds: list[Costs]) -> Iterator[Figure]:
    names = ("bare", "turn", "page")
    bare, turn, page = (min((r[n] for r in rounds), key=Cost.total) for n in names)
    middle = median(r["turn"].total() / r["bare"].total() for r in rounds)
    made_of = f"{turn} to {bare}, best of {len(rounds)} (median {middle:.2f} x)"
    name = f"turn, {kind}: CPU to a bare insert"
    ratio = turn.total() / bare.total()
    yield Figure(name=name, value=ratio, limit=LIMIT, made_of=made_of)
    name = f"turn and next page, {kind}: CPU to a bare insert"
    both = (turn.total() + page.total()) / bare.total()
    yield shown(name, both, made_of=f"page {page}")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one request, by who spent them."""

    web: float
    database: float

    def total(self) -> float:
        """Return both together."""
        return self.web + self.database

    def __str__(self) -> str:
        web, database = self.web * 1000, self.database * 1000
        return f"{web:.2f} + {database:.2f} ms" if database else f"{web:.2f} ms"


@dataclass(frozen=True, slots=True)
class Server:
    """The web server under load, and what reads its CPU and its database's."""

    port: int
    web: Meter
    database: Meter

    def round(self, sittings: list[dict[str, Any]]) -> Costs:
        """Bare inserts, turns and pages right after one another."""
        turns = [_turns(sitting) for sitting in sittings]
        bares = [[_bare(ask) for ask in group] for group in turns]
        pages = [[_page(ask) for ask in group[::4]] for group in turns]
        return {
            "bare": self._cost(bares + bares, _led_on("/bare/")),
            "turn": self._cost(turns, _led_on("/question/", "/review/")),
            "page": self._cost(pages, lambda status, _: status == 200),
        }

    def _cost(self, groups: list[list[Ask]], fits: load.Fits) -> Cost:
        lanes = load.split(groups, THREADS)
        count = sum(len(lane) for lane in lanes)
        web, database = self.web.read(), self.database.read()
        load.run(self.port, lanes, fits)
        used = self.web.read() - web, self.database.read() - database
        return Cost(used[0] / count, used[1] / count)


def _led_on(*starts: str) -> Callable[[int, str], bool]:
    """Led to a page of ours, and not back to the same item for some reason."""

    def fits(status: int, location: str) -> bool:
        return status == 302 and location.startswith(starts) and "?" not in location

    return fits


def _turns(sitting: dict[str, Any]) -> list[Ask]:
    cookie = sitting["cookie"]
    asks = [
        Ask(path=post["path"], cookie=cookie, body=post["body"])
        for post in sitting["posts"]
    ]
    assert len(asks) == TURNS
    return asks


def _bare(ask: Ask) -> Ask:
    return Ask(path="/bare/", cookie=ask.cookie, body=ask.body)


def _page(ask: Ask) -> Ask:
    return Ask(path=ask.path, cookie=ask.cookie)
