"""Log lines that carry no token and no word a patient wrote."""

import logging
import re
import traceback
from types import TracebackType

# The secret part of an invitation, of a password link, of a bearer token.
_SECRETS = (
    re.compile(r"(/i/)[^/\s?\"']+"),
    re.compile(r"(/password/reset/key/)[^/\s?\"']+"),
    re.compile(r"((?i:bearer) )[\w.~+/=-]+"),
    # What follows "?" may be a name somebody searched for.
    re.compile(r"(/[\w./-]*\?)[^\s\"']+"),
)

ExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None]
    | tuple[None, None, None]
)


def redact(line: str) -> str:
    for pattern in _SECRETS:
        line = pattern.sub(r"\1[removed]", line)
    return line


class Discreet(logging.Formatter):
    """Says when, how bad, where and what; of an exception its type and place only.

    The text of an exception may quote a row ("Failing row contains …"), so it is
    shown in debug alone (`traces`).
    """

    def __init__(self, *, traces: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self.traces = traces

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatException(self, ei: ExcInfo) -> str:
        if self.traces or ei[0] is None:
            return super().formatException(ei)
        frames = traceback.extract_tb(ei[2])
        places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return "\n".join([*places, f"{ei[0].__module__}.{ei[0].__qualname__}"])
