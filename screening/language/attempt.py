"""One question on a thread of its own: tried, tried again if that can help, or given up.

The waiting page stops waiting at the deadline; this thread ends at it too, and only
then gives its place back.
"""

import threading
import time
from collections.abc import Callable

from pydantic import ValidationError

from screening.language.replies import Completion, LanguageUnavailable

Send = Callable[[float], bytes]  # seconds it may take -> the body of the reply

# Faults that pass by themselves. Whatever a server answers on purpose does not.
PASSING = frozenset({"APIConnectionError", "InternalServerError", "RateLimitError"})
BREATH = 0.2  # seconds before another try
REASON = 20  # characters that the row has for it
LEAST = 0.5  # seconds that another try needs to be worth it


class Attempt(threading.Thread):
    """A call under way. `join` it for as long as you care to wait."""

    def __init__(
        self,
        purpose: str,
        send: Send,
        *,
        seconds: float,
        tries: int,
        leave: Callable[[], None],
    ) -> None:
        super().__init__(name=f"language-{purpose}", daemon=True)
        self._send, self._tries, self._leave = send, tries, leave
        self._until = time.monotonic() + seconds
        self._completion: Completion | None = None
        self._reason = "failed"

    def run(self) -> None:
        """Ask, and end as a completion or as a reason."""
        try:
            self._completion = Completion.model_validate_json(self._body())
        except ValidationError:
            self._reason = "not_a_completion"
        except Exception as error:  # noqa: BLE001 a thread's error must become a reason
            name = type(error).__name__
            self._reason = "deadline" if name == "APITimeoutError" else name
        finally:
            self._leave()

    def result(self) -> Completion:
        """What came back, or LanguageUnavailable."""
        if self.is_alive():
            raise LanguageUnavailable("deadline", billed=True)
        if self._completion is None:
            # Nobody bills for an error or a line that broke; for late work they may.
            billed = self._reason in ("deadline", "not_a_completion")
            raise LanguageUnavailable(self._reason[:REASON], billed=billed)
        return self._completion

    def _body(self) -> bytes:
        for _further in range(self._tries - 1):
            try:
                return self._send(self._left())
            except Exception as error:
                wait = _wait(error)
                if wait is None or self._left() - wait < LEAST:
                    raise
                time.sleep(wait)
        return self._send(self._left())

    def _left(self) -> float:
        return self._until - time.monotonic()


def _wait(error: Exception) -> float | None:
    """Seconds until another try may help, or None if none will."""
    if type(error).__name__ not in PASSING:
        return None
    response = getattr(error, "response", None)
    named = response.headers.get("retry-after", "") if response is not None else ""
    return max(BREATH, float(named)) if named.isdecimal() else BREATH
