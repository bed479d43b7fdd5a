"""Count-bound clients on loopback, each on one open connection."""

import http.client
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

HOST = "127.0.0.1"
PATIENCE = 60.0
FORM = "application/x-www-form-urlencoded"


class Refused(RuntimeError):
    """A response that no figure may be made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. `body` None means GET."""

    path: str
    cookie: str
    body: str | None = None


Fits = Callable[[int, str], bool]


def run(port: int, lanes: Sequence[Sequence[Ask]], fits: Fits) -> None:
    """Send every request, the lanes side by side; raise Refused on a wrong answer.

    `fits` is given the status and the Location of each response.
    """
    with ThreadPoolExecutor(max_workers=len(lanes)) as pool:
        for done in [pool.submit(_lane, port, lane, fits) for lane in lanes]:
            done.result()


def split(groups: Sequence[Sequence[Ask]], lanes: int) -> list[list[Ask]]:
    """Deal out groups of requests to lanes; a group stays together and in order."""
    return [
        [ask for group in groups[lane::lanes] for ask in group] for lane in range(lanes)
    ]


def _lane(port: int, asks: Sequence[Ask], fits: Fits) -> None:
    line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        for ask in asks:
            _send(line, ask, fits)
    finally:
        line.close()


def _send(line: http.client.HTTPConnection, ask: Ask, fits: Fits) -> None:
    headers = {"Cookie": ask.cookie}
    if ask.body is not None:
        headers["Content-Type"] = FORM
    method = "GET" if ask.body is None else "POST"
    line.request(method, ask.path, ask.body, headers)
    response = line.getresponse()
    page = response.read()
    location = response.headers.get("Location", "")
    if not fits(response.status, location):
        raise Refused(f"{ask.path}: {response.status} {location} {page[:300]!r}")
