"""The example of settings can be loaded the way it says."""

import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_example_is_read_by_a_plain_shell() -> None:
    done = subprocess.run(
        ["sh", "-c", 'set -ea; . ./.env.example; printf %s "$DEFAULT_FROM_EMAIL"'],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Check-in <checkin@example.org>"
