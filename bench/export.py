"""A bulk export: a hundred thousand results take no more memory than ten thousand."""

import json
from collections.abc import Iterator
from typing import Any

from bench.figures import Figure, exactly, shown
from bench.place import Place

# Of the peak of the whole process, and of the CPU of reading the lines that were made
# and writing them again: what is above 1 is reading rows and making resources of them.
LIMIT, LIMIT_CPU = 1.1, 6.0
FEW, MANY = 10_000, 100_000
QUICK_FEW, QUICK_MANY = 1_000, 5_000
# By type, how many one result gives. A PHQ-9 is a panel, ten items, of which one stands
# beside the panel, and a total; its answers and its results each have an origin.
LINES = {"QuestionnaireResponse": 1, "Observation": 12, "Provenance": 2}


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure both sizes on PostgreSQL, each by a worker of its own."""
    few, many = (QUICK_FEW, QUICK_MANY) if quick else (FEW, MANY)
    with Place("PostgreSQL") as place:
        place.environment["RECORDS_FOLDER"] = str(place.folder / "records")
        small, large = _made(place, few), _made(place, many)
    yield Figure(
        name=f"export: peak of memory at {many:,} to {few:,} results",
        value=large["peak"] / small["peak"],
        limit=LIMIT,
        made_of=f"{large['peak'] // 1024} MB to {small['peak'] // 1024} MB",
    )
    for kind, each in LINES.items():
        yield exactly(f"export: lines of {kind}", large["lines"][kind], many * each)
    yield exactly("export: lines that are no resource", large["broken"], 0)
    yield Figure(
        name="export: CPU to a plain copy of its lines as JSON",
        value=large["cpu"] / large["plain"],
        limit=LIMIT_CPU,
        made_of=f"{large['cpu']:.0f} s to {large['plain']:.0f} s",
    )
    yield shown("export: results a second of CPU", many / large["cpu"], "")
    yield shown("export: size", large["bytes"] / 1024**2, "MB")


def _made(place: Place, count: int) -> dict[str, Any]:
    place.manage("bench_results", str(count), "--skip-checks")
    said = place.manage("bench_export", "--skip-checks")
    found: dict[str, Any] = json.loads(said)
    return found
