"""The CDC's recorded answers, stored through the engine: right to the last person."""

import json
import resource
from collections.abc import Iterator
from typing import Any

from bench.cpu import Meter
from bench.figures import Figure, exactly, shown
from bench.place import KINDS, TOP, Place

FILE = TOP / "tests" / "data" / "nhanes_2017_2018_DPQ_J.csv"
COLUMNS = ",".join(f"DPQ0{number}0" for number in range(1, 10))
REPLAY = ["replay", str(FILE), "--instrument", "phq-9", "--columns", COLUMNS]
OPTIONS = ["--missing", "7,9", "--json"]
BANDS = [3772, 837, 292, 124, 43]
EXPECTED = {
    "people": 5533,
    "complete": 5068,
    "at the cut": 459,
    "item-9 flags": 191,
    "item-9 flags below the cut": 64,
    "refused lines": 0,
}
PEOPLE_A_COMMIT = 200
QUICK = 400


def measure(*, quick: bool) -> Iterator[Figure]:
    """Store everybody on both databases; in a hurry, store some and judge all."""
    for kind in KINDS:
        with Place(kind) as place:
            if quick:
                yield from _right(kind, place.manage(*REPLAY, *OPTIONS, "--dry-run"))
            yield from _stored(place, quick=quick)


def _stored(place: Place, *, quick: bool) -> Iterator[Figure]:
    limit = ["--limit", str(QUICK)] if quick else []
    start = _cost(place, "bench_rows", "--insert", "0")[0]
    before = int(place.manage("bench_rows"))
    cost, report = _cost(place, *REPLAY, *OPTIONS, *limit)
    if not quick:
        yield from _right(place.kind, report)
    people = json.loads(report)["people"]
    rows = int(place.manage("bench_rows")) - before
    batch = str(rows * PEOPLE_A_COMMIT // people)
    bare, _ = _cost(place, "bench_rows", "--insert", str(rows), "--batch", batch)
    ours, floor = cost - start, bare - start
    name = f"replay, {place.kind}: CPU to bulk inserts of as many rows"
    made_of = f"{ours:.1f} s to {floor:.1f} s for {rows:,} rows"
    yield shown(name, ours / floor, made_of=made_of)
    yield shown(f"replay, {place.kind}: people stored", people / ours, "/CPU s")


def _cost(place: Place, *words: str) -> tuple[float, str]:
    """Run a command; return its CPU seconds with the database's, and its output."""
    database = Meter(place.database_pids)
    before = database.read() + _children()
    output = place.manage(*words)
    return database.read() + _children() - before, output


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _right(kind: str, output: str) -> Iterator[Figure]:
    report = json.loads(output)
    found = _found(report)
    for name, expected in EXPECTED.items():
        yield exactly(f"replay, {kind}: {name}", found[name], expected)
    for (label, count), expected in zip(report["bands"].items(), BANDS, strict=True):
        yield exactly(f"replay, {kind}: {label.lower()}", count, expected)


def _found(report: dict[str, Any]) -> dict[str, int]:
    return {
        "people": report["people"],
        "complete": report["complete"],
        "at the cut": report["at_cut"],
        "item-9 flags": report["flags"].get("item-9", 0),
        "item-9 flags below the cut": report["safety_item_below_cut"],
        "refused lines": len(report["refused"]),
    }
