"""A real worker is killed in the middle of a call to a model; another one finishes."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.model_server import ModelServer

TOP = Path(__file__).resolve().parents[2]
SECONDS = 90
START = """
from django.utils import timezone
from core.models import Clinic, Role, User
from screening import actions, tasks
at = timezone.now()
clinic = Clinic.objects.create(name="Riverside", ai_enabled=True, created_at=at)
user = User.objects.create_user(
    "a@clinic.example", role=Role.CLINICIAN, clinic=clinic, created_at=at
)
wanted = [actions.Wanted("/44254-1", "energy", level) for level in ("plain", "easy")]
run = actions.start_run(
    clinic=clinic, instrument_id="phq-9", language="en", wanted=wanted, by=user, at=at
)
tasks.ring(run.id).join()
"""
# The lease of what the dead worker held runs out, and the beat comes round.
LATER = """
from django.utils import timezone
from screening.models import WordingWork
from screening.tasks import pick_up_wordings
WordingWork.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
pick_up_wordings.delay()
"""
TELL = """
from screening.models import ModelCall, Wording, WordingWork
outcomes = list(WordingWork.objects.values_list("level", "outcome", "attempts"))
print("work:", outcomes, "texts:", Wording.objects.count())
"""

pytestmark = [pytest.mark.processes, pytest.mark.allow_hosts(["127.0.0.1"])]
Worker = subprocess.Popen[bytes]


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer("slow") as server:
        yield server


@pytest.fixture
def environment(tmp_path: Path, redis_url: str, model: ModelServer) -> dict[str, str]:
    own = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/worker.sqlite3",
        "REDIS_URL": redis_url,
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "k",
        "OPENAI_MODEL": "fake",
        "LANGUAGE_ENABLED": "true",
    }
    return {**os.environ, **own}


def manage(environment: dict[str, str], *words: str, code: str = "") -> str:
    command = [sys.executable, "manage.py", *words]
    command += ["-c", code] if code else []
    done = subprocess.run(
        command, cwd=TOP, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def start_worker(environment: dict[str, str]) -> Iterator[Callable[[], Worker]]:
    started: list[Worker] = []

    def start() -> Worker:
        command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker"]
        process = subprocess.Popen(
            [*command, "--pool", "solo", "--loglevel", "WARNING"],
            cwd=TOP,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=30)


def wait_for(what: Callable[[], bool], said: str) -> None:
    until = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < until, said
        time.sleep(0.2)


def test_killed_workers_run_is_finished_by_the_next(
    environment: dict[str, str],
    model: ModelServer,
    start_worker: Callable[[], Worker],
) -> None:
    manage(environment, "migrate", "-v0")
    first = start_worker()
    manage(environment, "shell", code=START)
    wait_for(lambda: bool(model.requests), "the worker asked nothing")
    first.kill()
    first.wait(timeout=30)
    assert "('plain', 'DUE', 1), ('easy', 'DUE', 0)" in manage(
        environment, "shell", code=TELL
    )

    model.behave("paraphrase")
    start_worker()

    def finished() -> bool:
        manage(environment, "shell", code=LATER)
        time.sleep(2)
        return "DUE" not in manage(environment, "shell", code=TELL)

    wait_for(finished, "the second worker left work undone")
    told = manage(environment, "shell", code=TELL)
    # On a busy machine a call may come too late once, and is made again: then the
    # text of the first is there already, and is known.
    done = "(?:GATED|KNOWN)"
    assert re.search(
        rf"\('plain', '{done}', [234]\), \('easy', '{done}', [123]\)", told
    )
    assert "texts: 2" in told
