"""Has the clients and the servers of others connect, and makes rows of how they fared."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.conformance import parts
from tests.conformance.table import Row

TOLD = parts.PLACE / "told.jsonl"


def rows() -> Iterator[Row]:
    """A row for each client that came through, and one for those that did not."""
    return _told_by("clients", "connecting.py", "peers.py")


def targets() -> Iterator[Row]:
    """The same of the servers that our deliveries go to."""
    return _told_by("targets", "pushing.py")


def _told_by(who: str, *files: str) -> Iterator[Row]:
    TOLD.unlink(missing_ok=True)
    paths = [f"tests/conformance/{name}" for name in files]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *paths],
        cwd=parts.TOP,
        env={**os.environ, "TELL_TO": str(TOLD)},
        capture_output=True,
        text=True,
        timeout=parts.PATIENCE,
    )
    told = TOLD.read_text().splitlines() if TOLD.exists() else []
    for line in told:
        what, judge, count = json.loads(line)
        yield Row(what, judge, count, 0, good=count > 0)
    if done.returncode:
        failed = [line for line in done.stdout.splitlines() if line[:2] in ("E ", "FA")]
        what = f"{who} that did not come through"
        yield Row(what, "-", 0, 1, good=False, complaints=failed[-20:])
