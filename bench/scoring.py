"""What scoring costs, and whether every possible answer sheet is scored right."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Figure, exactly
from screening import definitions
from screening.domain import scoring
from screening.domain.instruments import Instrument
from tests.screening.domain import oracle

Sheet = tuple[int, ...]

# A plain loop over nine answers takes a quarter of a microsecond where the limit of 5
# was set; the ratio says the same on a machine that is busier or slower.
LIMIT_US = 5.0
LIMIT_RATIO = 20.0
SHEETS = {"phq-9": 4**9, "gad-7": 4**7}
TIMED, REPEATS = 20_000, 9
STEP = 13  # every thirteenth sheet is enough to time, or where there is little time


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure both instruments, then score every sheet twice."""
    for instrument_id in SHEETS:
        yield from _cost(definitions.get(instrument_id, "en"))
    for instrument_id, count in SHEETS.items():
        yield _agreement(definitions.get(instrument_id, "en"), count, quick=quick)


def _cost(instrument: Instrument) -> Iterator[Figure]:
    items = [item.link_id for item in instrument.scored_items]
    sheets = list(itertools.islice(_sheets(len(items)), 0, None, STEP))[:TIMED]
    answered = [dict(zip(items, sheet, strict=True)) for sheet in sheets]
    plain, ours = _works(instrument, items, answered)
    floor, cost = (seconds / len(sheets) * 1e6 for seconds in _best(plain, ours))
    name = f"score one {instrument.short_name}: CPU"
    made_of = f"{cost:.2f} us to {floor:.2f} us, best of {REPEATS}"
    ratio, to = cost / floor, f"{name} to a plain loop"
    yield Figure(name=to, value=ratio, limit=LIMIT_RATIO, made_of=made_of)
    yield Figure(name=name, value=cost, limit=LIMIT_US, unit="us")


def _works(
    instrument: Instrument, items: Sequence[str], answered: Sequence[dict[str, int]]
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return the plain loop and the product's scoring, over the same answers."""
    table = [str(total) for total in range(instrument.maximum + 1)]

    def plain() -> None:
        for answers in answered:
            total = 0
            for link_id in items:
                total += answers[link_id]
            table[total]

    def ours() -> None:
        for answers in answered:
            scoring.score(instrument, answers)

    return plain, ours


def _best(*works: Callable[[], None]) -> list[float]:
    """Least seconds of CPU that each work took, the works taking turns."""
    best = [float("inf")] * len(works)
    for _ in range(REPEATS):
        for place, work in enumerate(works):
            began = time.process_time()
            work()
            best[place] = min(best[place], time.process_time() - began)
    return best


def _agreement(instrument: Instrument, count: int, *, quick: bool) -> Figure:
    data = _plain_data(instrument.id)
    items = [item["link_id"] for item in data["items"] if item["scored"]]
    step = STEP if quick else 1
    right = sum(
        _same(instrument, data, items, sheet)
        for sheet in itertools.islice(_sheets(len(items)), 0, None, step)
    )
    name = f"{instrument.short_name} sheets scored as the oracle does"
    return exactly(name, right, len(range(0, count, step)))


def _same(
    instrument: Instrument, data: dict[str, Any], items: Sequence[str], sheet: Sheet
) -> bool:
    answers = dict(zip(items, sheet, strict=True))
    ours = scoring.score(instrument, answers)
    total = oracle.total(data, answers)
    same = ours.total == total and ours.band == oracle.band(data, total)
    return same and ours.complete and _same_finding(instrument, ours.algorithm, sheet)


def _same_finding(instrument: Instrument, found: str | None, sheet: Sheet) -> bool:
    rule = instrument.algorithm
    if rule is None:
        return found is None
    major, other = (finding.text for finding in rule.findings)
    words = {"major": major, "other": other, "none": rule.otherwise}
    return found == words[oracle.phq9_algorithm(sheet)]


def _sheets(items: int) -> Iterator[Sheet]:
    return itertools.product(range(4), repeat=items)


def _plain_data(instrument_id: str) -> dict[str, Any]:
    folder = Path(definitions.__file__).parent / "instruments" / instrument_id
    data: dict[str, Any] = json.loads((folder / "instrument.json").read_text())
    return data
