"""make conformance: independent parts judge what leaves; 1 if one of them misses."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable

from tests.conformance import (
    clients,
    languages,
    parts,
    profiles,
    rendering,
    smart,
    structure,
    sums,
)
from tests.conformance.table import Row, lines

STEPS: dict[str, Callable[[], Iterable[Row]]] = {
    "structure": structure.rows,
    "profiles": profiles.rows,
    "sums": sums.rows,
    "rendering": rendering.rows,
    "languages": languages.rows,
    "smart": smart.rows,
    "clients": clients.rows,
    "targets": clients.targets,
}


def main() -> int:
    """Fetch, emit, judge, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance")
    parser.add_argument("steps", nargs="*", choices=[[], *STEPS], metavar="step")
    wanted = parser.parse_args().steps or STEPS
    os.nice(5)
    found: list[Row] = []
    try:
        parts.fetch()
        _said("emitting", structure.emit)
        for name in wanted:
            found += _said(name, STEPS[name])
    except (parts.PartMissing, subprocess.TimeoutExpired) as missing:
        print(f"make conformance stopped. {missing}")
        return 1
    print("\n".join(lines(found)))
    missed = sum(not row.good for row in found)
    print(f"\n{len(found)} rows, {missed} missed.")
    return 1 if missed else 0


def _said(name: str, do: Callable[[], Iterable[Row]]) -> list[Row]:
    began = time.monotonic()
    made = list(do())
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return made


if __name__ == "__main__":
    sys.exit(main())
