"""A bulk export: a hundred thousand results take no more memory than a few."""

import json
from collections.abc import Iterator
from typing import Any

from bench.figures import Figure, exactly, shown
from bench.place import Place

LIMIT = 1.1
FEW, MANY = 2_000, 100_000
QUICK_FEW, QUICK_MANY = 400, 4_000
# A PHQ-9 is a panel, ten items, of which one stands beside the panel, and a total.
LINES = 12


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure the peak of memory at both sizes, on PostgreSQL."""
    few, many = (QUICK_FEW, QUICK_MANY) if quick else (FEW, MANY)
    small, large = _made(few), _made(many)
    yield Figure(
        name=f"export: peak of memory at {many:,} to {few:,} results",
        value=large["peak"] / small["peak"],
        limit=LIMIT,
        made_of=f"{large['peak'] // 1024} MB to {small['peak'] // 1024} MB",
    )
    counts = large["counts"]
    yield exactly("export: responses", counts["QuestionnaireResponse"], many)
    yield exactly("export: observations", counts["Observation"], many * LINES)
    yield shown("export: results a second", many / large["seconds"], "")


def _made(count: int) -> dict[str, Any]:
    with Place("PostgreSQL") as place:
        place.environment["RECORDS_FOLDER"] = str(place.folder / "records")
        place.manage("bench_results", str(count))
        found: dict[str, Any] = json.loads(place.manage("bench_export"))
        return found
