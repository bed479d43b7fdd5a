"""Children that are started again after they ended by themselves."""

import os
import sys
from pathlib import Path

import pytest

from tools.processes import Child


@pytest.mark.processes
def test_child_that_ended_by_itself_is_reaped_when_started_again(tmp_path: Path):
    child = Child(
        "short", [sys.executable, "-c", ""], log=tmp_path / "log", environment={}
    )
    child.start()
    first = child.process
    assert first is not None
    os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
    child.start()
    assert first.returncode == 0
    child.sweep()
