"""Has the clients of others connect, and makes rows of how they fared."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.conformance import parts
from tests.conformance.table import Row

TOLD = parts.PLACE / "clients.jsonl"


def rows() -> Iterator[Row]:
    """A row for each client that came through, and one for those that did not."""
    TOLD.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "tests/conformance/connecting.py"]
    done = subprocess.run(
        command,
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
        what = "clients that did not come through"
        yield Row(what, "-", 0, 1, good=False, complaints=failed[-20:])
