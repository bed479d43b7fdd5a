"""make demo MODEL=local: the product with a small real model, marked as not for patients."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers import free_port
from tools.machine import answers

TOP = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.live, pytest.mark.enable_socket]


@contextmanager
def demo(folder: Path, port: int) -> Iterator[str]:
    """Run it until it says how to stop it; yield all it said."""
    place = ["--folder", str(folder), "--port", str(port), "--model", "local"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "tools.demo", *place],
        cwd=TOP,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Stop it with Ctrl-C." in line:
                break
        yield said
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_demo_runs_with_a_model_of_its_own(tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path, port) as said:
        assert "NOT FOR PATIENTS" in said
        assert "LOCAL_MODEL_FILE" in said
        assert answers(port)
        log = (tmp_path / "logs" / "model.log").read_text()
        assert "/v1" in log
        state = _asked(tmp_path)
    assert state == "True"


def _asked(folder: Path) -> str:
    """Whether the demo's clinic offers the model to its patients."""
    code = "from core.models import Clinic; print(Clinic.objects.get().ai_enabled)"
    program = [sys.executable, "-m", "tools.demo", "--folder", str(folder)]
    done = subprocess.run(
        [*program, "--manage", "shell", "-v", "0", "-c", code],
        cwd=TOP,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
