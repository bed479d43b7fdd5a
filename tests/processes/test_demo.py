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
def run(folder: Path) -> Iterator[Running]:
    port = free_port()
    process = start(folder, port)
    try:
        read_until(process, "Stop it with Ctrl-C.")
        yield process, port
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for several starts: the second finds what the first one made."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo(folder: Path) -> Iterator[Running]:
    """A demo that the test brings to its end."""
    with run(folder) as running:
        yield running


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def shared(shared_folder: Path) -> Iterator[Running]:
    """A demo that outlives what its tests do to it."""
    with run(shared_folder) as running:
        yield running


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_demo_stops_and_leaves_nothing(demo, how):
    process, port = demo
    assert answers(port)
    children = family(process)
    running = " ".join(" ".join(child.cmdline()) for child in children)
    assert not [name for name in ROLES if name not in running]
    process.send_signal(how)
    assert process.wait(SECONDS) == 0
    assert not psutil.wait_procs(children, timeout=1)[1]
    assert not answers(port)


def test_demo_starts_a_fallen_watch_again(shared):
    process, _ = shared
    role("watch", process).kill()
    said = read_until(process, "Starting watch again.")
    assert "watch ended with code -9" in said
    wait_for(lambda: any("watch" in " ".join(c.cmdline()) for c in family(process)))


def test_demo_ends_with_the_web_server(demo):
    process, port = demo
    role("granian", process).kill()
    read_until(process, "cannot go on without web")
    assert process.wait(SECONDS) == 1
    assert not answers(port)


def test_demo_takes_another_port(shared, tmp_path):
    first, port = shared
    assert first.poll() is None
    second = start(tmp_path, port)
    said = read_until(second, "taken")
    second.send_signal(signal.SIGINT)
    rest, _ = second.communicate(timeout=SECONDS)
    assert re.search(rf"Port {port} is taken by another program; using \d+", said)
    assert second.returncode == 0, rest
    assert answers(port)


@pytest.mark.usefixtures("shared")
def test_demo_runs_once_in_a_folder(shared_folder):
    second = start(shared_folder, free_port())
    said, _ = second.communicate(timeout=SECONDS)
    assert second.returncode == 1
    assert "already running" in said
