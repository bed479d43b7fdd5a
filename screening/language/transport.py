"""Hard limits on every HTTP reply of a model: how long, and how much."""

import time
from collections.abc import Iterator

import httpx2

MOST_BYTES = 262_144  # a short answer; more is a server gone wrong


def bounded_client(longest: float) -> httpx2.Client:
    """An HTTP client whose replies end when their request's time is up."""
    return httpx2.Client(
        transport=Bounded(httpx2.HTTPTransport(), longest),
        timeout=longest,
        follow_redirects=False,
    )


class Bounded(httpx2.BaseTransport):
    """Ends a reply that drips on past the deadline or grows past all sense.

    The caller has stopped waiting by then; this gives its place back.
    """

    def __init__(self, inner: httpx2.BaseTransport, longest: float) -> None:
        self._inner, self._longest = inner, longest

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = request.extensions.get("timeout", {}).get("read") or self._longest
        until = time.monotonic() + min(asked, self._longest)
        response = self._inner.handle_request(request)
        assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_BoundedStream(response.stream, until),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, until: float) -> None:
        self._inner, self._until = inner, until

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        for part in self._inner:
            seen += len(part)
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the reply outlived its deadline")
            if seen > MOST_BYTES:
                raise httpx2.ReadError("the reply is too long")
            yield part

    def close(self) -> None:
        self._inner.close()
