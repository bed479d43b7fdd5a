"""The demo starts for real, answers, mends itself and leaves nothing behind."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.support.servers import free_port
from tools.machine import answers

TOP = Path(__file__).resolve().parents[2]
SECONDS = 120
ROLES = ("redis-server", "granian", "watch", "worker", "beat")

pytestmark = pytest.mark.processes


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    place = ["--folder", str(folder), "--port", str(port)]
    # The suite's own settings must not leak in; a developer's shell has none.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "tools.demo", *place],
        cwd=TOP,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(demo: subprocess.Popen[str], words: str) -> str:
    assert demo.stdout
    said = ""
    for line in demo.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"The demo ended without saying {words!r}:\n{said}")


def family(demo: subprocess.Popen[str]) -> list[psutil.Process]:
    return list(psutil.Process(demo.pid).children(recursive=True))


def role(name: str, demo: subprocess.Popen[str]) -> psutil.Process:
    return next(one for one in family(demo) if name in " ".join(one.cmdline()))


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def leaves_nothing(demo: subprocess.Popen[str], port: int, how: signal.Signals) -> None:
    """It runs whole; told to stop so, it ends in peace with all that it started."""
    assert answers(port)
    children = family(demo)
    running = " ".join(" ".join(child.cmdline()) for child in children)
    assert not [name for name in ROLES if name not in running]
    demo.send_signal(how)
    assert demo.wait(SECONDS) == 0
    assert not psutil.wait_procs(children, timeout=1)[1]
    assert not answers(port)


def test_codes_asked_for_too_early_are_waited_for(tmp_path: Path) -> None:
    place = ["--folder", str(tmp_path), "--manage", "demo_code"]
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        early = subprocess.run(
            [sys.executable, "-m", "tools.demo", *place],
            cwd=TOP,
            capture_output=True,
            text=True,
        )
    assert early.returncode == 1
    assert "still being prepared. Wait" in early.stdout
    assert "make demo" not in early.stdout + early.stderr


Running = tuple[subprocess.Popen[str], int]


@contextmanager
def run(folder: Path, port: int) -> Iterator[Running]:
    """A demo asked for at a port, and the port where it runs."""
    process = start(folder, port)
    try:
        said = read_until(process, "Stop it with Ctrl-C.")
        taken = re.search(
            rf"Port {port} is taken by another program; using (\d+)", said
        )
        yield process, int(taken[1]) if taken else port
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def second_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for two starts: the later one finds what the first one made."""
    return tmp_path_factory.mktemp("second")


@pytest.fixture(scope="module")
def shared(shared_folder: Path) -> Iterator[Running]:
    """A demo that outlives what its tests do to it; ended, it leaves nothing."""
    with run(shared_folder, free_port()) as (process, port):
        yield process, port
        leaves_nothing(process, port, signal.SIGTERM)


def test_demo_takes_another_port_and_stops_on_ctrl_c(shared, second_folder):
    first, port = shared
    with run(second_folder, port) as (second, other):
        assert other != port
        leaves_nothing(second, other, signal.SIGINT)
    assert first.poll() is None
    assert answers(port)


def test_demo_starts_a_fallen_watch_again(shared):
    process, _ = shared
    role("watch", process).kill()
    said = read_until(process, "Starting watch again.")
    assert "watch ended with code -9" in said
    wait_for(lambda: any("watch" in " ".join(c.cmdline()) for c in family(process)))


@pytest.mark.usefixtures("shared")
def test_demo_runs_once_in_a_folder(shared_folder):
    second = start(shared_folder, free_port())
    said, _ = second.communicate(timeout=SECONDS)
    assert second.returncode == 1
    assert "already running" in said


def test_demo_ends_with_its_web_server(second_folder):
    with run(second_folder, free_port()) as (process, port):
        role("granian", process).kill()
        read_until(process, "cannot go on without web")
        assert process.wait(SECONDS) == 1
        assert not answers(port)
