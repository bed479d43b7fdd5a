"""A real Celery worker on a real Redis does the housekeeping that may be late."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SECONDS = 60
EXPIRED = """
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.utils import timezone
Session.objects.create(
    session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1)
)
"""
COUNT = """
from django.contrib.sessions.models import Session
print("left:", Session.objects.count())
"""
SEND = "from core.tasks import tidy_sessions; tidy_sessions.delay()"

pytestmark = pytest.mark.processes


@pytest.fixture
def environment(tmp_path: Path, redis_url: str) -> dict[str, str]:
    """The suite's settings, with a database and a broker of this test's own."""
    own = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/worker.sqlite3",
        "REDIS_URL": redis_url,
    }
    return {**os.environ, **own}


def manage(environment: dict[str, str], *words: str, code: str = "") -> str:
    command = [sys.executable, "manage.py", *words]
    if code:
        command += ["-c", code]
    done = subprocess.run(
        command, cwd=TOP, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    manage(environment, "migrate", "-v0")
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker"]
    process = subprocess.Popen(
        [*command, "--pool", "solo", "--loglevel", "WARNING"],
        cwd=TOP,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait(timeout=30)


def test_worker_forgets_sessions_that_have_run_out(
    environment: dict[str, str], worker: subprocess.Popen[bytes]
) -> None:
    manage(environment, "shell", code=EXPIRED)
    manage(environment, "shell", code=SEND)
    until = time.monotonic() + SECONDS
    while "left: 0" not in manage(environment, "shell", code=COUNT):
        assert worker.poll() is None, "the worker has ended"
        assert time.monotonic() < until, "the worker did nothing"
        time.sleep(0.5)
