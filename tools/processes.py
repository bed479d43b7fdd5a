"""Child processes that are watched, and that are all gone when we are."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PATIENCE = 8.0  # seconds that a child has to end by itself
PR_SET_PDEATHSIG = 1


class Child:
    """One program with its log, in a process group of its own.

    Ctrl-C in the terminal reaches only us, so that we end the children in order.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        told: str = "",
    ) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.environment = environment
        self.told = told
        self.starts = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # What ended by itself before may not have been reaped yet.
        self.sweep()
        self.starts += 1
        with self.log.open("ab" if self.starts > 1 else "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        if self.process.stdin:
            self.process.stdin.write(self.told.encode())
            self.process.stdin.close()

    def code(self) -> int | None:
        """The exit code, or None while it runs; what it left behind is ended too."""
        if not self.ended():
            return None
        self.sweep()
        return self.process.returncode if self.process else None

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-count:]
        return "\n".join(f"    {line}" for line in lines)

    def signal(self, how: signal.Signals) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(how)

    def ended(self) -> bool:
        """Whether it ended; its number stays ours, since nobody has reaped it."""
        if self.process is None or self.process.returncode is not None:
            return True
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, options) is not None

    def sweep(self) -> None:
        """Ends what is left of its group, then reaps it."""
        if self.process is None or self.process.returncode is not None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop(children: Sequence[Child]) -> None:
    """Asks all to end, waits a little, and ends those that do not."""
    for child in children:
        if not child.ended():
            child.signal(signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not all(child.ended() for child in children):
        time.sleep(0.05)
    for child in children:
        child.sweep()


def _end_with_parent() -> None:
    # Where the kernel offers it, even kill -9 of the parent leaves no orphan.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
