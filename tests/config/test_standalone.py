"""Commands that only calculate run on a fresh clone; nothing else does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.standalone import calculates_only

TOP = Path(__file__).resolve().parents[2]
SCORE = ["score", "phq-9", "3,0,1,2,0,0,1,0,3", "--json"]


def manage(*words: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing set but the path."""
    bare = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=TOP, env=bare, capture_output=True, text=True, check=False
    )


def test_score_runs_without_any_setting() -> None:
    done = manage(*SCORE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["total"] == 10


def test_bad_answers_end_with_two_and_a_sentence() -> None:
    done = manage("score", "phq-9", "3,0")
    assert done.returncode == 2
    assert "takes 9 or 10 values, not 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_command_that_keeps_something_asks_for_its_settings() -> None:
    done = manage("migrate")
    assert done.returncode == 2
    assert "Cannot start. Set " in done.stderr


@pytest.mark.parametrize(
    ("words", "only"),
    [
        (["score", "x"], True),
        (["language", "safety", "-"], True),
        (["replay", "f", "--dry-run"], True),
        (["replay", "f"], False),
        (["runserver"], False),
        ([], False),
    ],
)
def test_only_calculations_are_lent_settings(words: list[str], only: bool) -> None:
    assert calculates_only(["manage.py", *words]) is only
