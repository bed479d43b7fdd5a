"""Leaves a failing service alone for a while, so that nobody waits for it."""

import threading


class Breaker:
    """Opens after some failures in a row; after a pause one call may try again."""

    def __init__(self, *, failures: int, pause: float) -> None:
        self._limit, self._pause = failures, pause
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_at = 0.0

    def allows(self, now: float) -> bool:
        """Whether a call may go out; while open, one trial a pause."""
        with self._lock:
            if self._failed < self._limit:
                return True
            if now < self._closed_at:
                return False
            self._closed_at = now + self._pause
            return True

    def succeeded(self) -> None:
        """The service answered."""
        with self._lock:
            self._failed = 0

    def failed(self, now: float) -> None:
        """The service did not answer usefully."""
        with self._lock:
            self._failed += 1
            self._closed_at = now + self._pause
