"""The soak's clock: it runs fast, can be moved, and is the same for every process.

A line in a file says which moment it was, when, and how fast time runs since. The
product has no switch for this: `tests.soak.settings` lays the clock under it.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Tells the time that the file gives."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        real, told, speed = map(float, self.file.read_text().split())
        return datetime.fromtimestamp(told + (time.time() - real) * speed, UTC)


class Hand(Clock):
    """Sets the clock; one process of a soak has it."""

    def __init__(self, file: Path, *, speed: float) -> None:
        super().__init__(file)
        self.speed = speed
        self.jumps: list[tuple[datetime, datetime]] = []
        self._set(time.time())

    def jump(self, ahead: timedelta) -> None:
        """Move the clock on; what lay between never was."""
        before = self.now()
        self._set((before + ahead).timestamp())
        self.jumps.append((before, before + ahead))

    def _set(self, told: float) -> None:
        # Renamed into place: a reader sees the old line or the new one.
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{time.time()} {told} {self.speed}")
        os.replace(fresh, self.file)
