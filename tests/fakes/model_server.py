"""A scripted OpenAI-compatible server on loopback that can misbehave on purpose.

In tests: `with ModelServer("slow") as server:` and point a ClientConfig at server.url.
`server.script(answer)` lets a function of the request make each completion.
What it does like a real server is held to a real one by tests/live/.
For a demo of bad behaviour: `python -m tests.fakes.model_server html --port 8089`.
"""

import argparse
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD = (
    "This question is about feeling tired or low on energy. It can be in your body "
    "or in your mind. Think only about the last 2 weeks."
)
GOOD_ES = (
    "Esta pregunta habla de sentirse cansado o con poca energía. Puede ser en el "
    "cuerpo o en la mente. Piense solo en las últimas 2 semanas."
)
SHORTEST = 8  # tokens in which no answer of ours fits
ADVICE = (
    "You should talk to your doctor about your energy. You may have depression, "
    "so choose Nearly every day."
)

PARAPHRASE = (
    "Over the past 2 weeks, how often have you felt tired or had little energy?"
)
PARAPHRASE_ADVICE = (
    "Over the past 2 weeks, how often have you felt tired or had little energy? "
    "You should talk to a doctor."
)


Script = Callable[[dict[str, Any]], dict[str, Any]]


def completion(content: str | None, **choice: Any) -> dict[str, Any]:
    """A completion as a real server sends it."""
    refusal = choice.pop("refusal", None)
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "fake-1",
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": message, **choice}
        ],
        "usage": {"prompt_tokens": 210, "completion_tokens": 40, "total_tokens": 250},
    }


def said(text: str) -> dict[str, Any]:
    """A completion whose content fits the schema."""
    return completion(json.dumps({"explanation": text}))


def fitting(body: dict[str, Any]) -> dict[str, Any]:
    """A good completion for whatever schema was asked for, cut where it must be."""
    if body.get("max_tokens", 300) < SHORTEST:
        return completion('{"', finish_reason="length")
    wanted = body["response_format"]["json_schema"]["schema"]
    data = json.loads(body["messages"][-1]["content"])
    fields = wanted["properties"].items()
    content = {name: _field(name, field, data) for name, field in fields}
    return completion(json.dumps(content))


def _field(name: str, field: dict[str, Any], data: dict[str, str]) -> str:
    if name == "quote":
        return data.get("reply", "")
    return str(field["enum"][0]) if "enum" in field else GOOD


def worded(text: str) -> dict[str, Any]:
    """A completion whose content fits the schema of a paraphrase."""
    return completion(json.dumps({"paraphrase": text}))


class Handler(BaseHTTPRequestHandler):
    """One request, answered as the server's behaviour says."""

    server: "_Server"

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", "0"))
        sent = self.rfile.read(size)
        self.server.heard.append(f"{self.path}\n{self.headers}\n{sent.decode()}")
        body = json.loads(sent)
        self.server.requests.append(body)
        self.server.stop.wait(self.server.delay)
        if self.path != "/v1/chat/completions":
            return _json({"error": {"message": "no such page"}}, status=404)(self)
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.server.key not in ("", key):
            return BEHAVIOURS["unauthorised"](self)
        if self.server.script:
            return _json(self.server.script(body))(self)
        return BEHAVIOURS[self.server.behaviour](self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: a test's output is its own."""

    def reply(self, body: bytes, *, status: int = 200, kind: str = "json") -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", f"application/{kind}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the caller has gone: that is what some tests are about
            self.close_connection = True


def _json(body: Any, *, status: int = 200) -> Callable[[Handler], None]:
    return lambda handler: handler.reply(json.dumps(body).encode(), status=status)


def _raw(body: bytes, *, kind: str = "json") -> Callable[[Handler], None]:
    return lambda handler: handler.reply(body, kind=kind)


def _slow(handler: Handler) -> None:
    handler.server.stop.wait(20)
    handler.reply(json.dumps(said(GOOD)).encode())


def _drip(handler: Handler) -> None:
    """A byte every so often, so that no single read ever times out."""
    body = json.dumps(said(GOOD)).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for byte in body:
        if handler.server.stop.wait(0.1):
            return
        try:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
        except OSError:
            handler.server.hung_up.set()
            return


def _drop(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


BEHAVIOURS: dict[str, Callable[[Handler], None]] = {
    "good": _json(said(GOOD)),
    "good-es": _json(said(GOOD_ES)),
    "advice": _json(said(ADVICE)),
    "paraphrase": _json(worded(PARAPHRASE)),
    "paraphrase-advice": _json(worded(PARAPHRASE_ADVICE)),
    "slow": _slow,
    "drip": _drip,
    "drop": _drop,
    "html": _raw(b"<html><body>Sign in</body></html>", kind="html"),
    "empty-body": _raw(b""),
    "broken-json": _raw(b'{"choices": [{"message": {"content": "{'),
    "no-choices": _json({"id": "x", "object": "chat.completion"}),
    "null-choices": _json({"choices": None}),
    "empty-choices": _json({"choices": []}),
    "null-content": _json(completion(None)),
    "not-schema": _json(completion("Sure! It asks about your energy.")),
    "wrong-field": _json(completion('{"answer": "x"}')),
    "extra-field": _json(completion('{"explanation": "x", "value": 3}')),
    "cut-short": _json(completion('{"explanation": "x"}', finish_reason="length")),
    "refusal": _json(completion(None, refusal="I can't help with that.")),
    "filtered": _json(completion("", finish_reason="content_filter")),
    "unauthorised": _json({"error": {"message": "bad key"}}, status=401),
    "too-many": _json({"error": {"message": "slow down"}}, status=429),
    "down": _json({"error": {"message": "oops"}}, status=500),
    "huge": _raw(b" " * 2_000_000),
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    behaviour = "good"
    delay = 0.0
    key = ""
    script: Script | None = None

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.requests: list[dict[str, Any]] = []
        self.heard: list[str] = []
        self.stop = threading.Event()
        self.hung_up = threading.Event()
        self.open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def drop(self) -> None:
        """Hang up on whoever is still on the line, as a killed process does."""
        for request in list(self.open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is expected here."""


class ModelServer:
    """The server on a thread of its own, for the length of a with block."""

    def __init__(self, behaviour: str = "good", port: int = 0) -> None:
        self._server = _Server(port)
        self.behave(behaviour)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was asked, as it arrived."""
        return self._server.requests

    @property
    def heard(self) -> str:
        """Every byte that arrived: addresses, headers and bodies."""
        # JSON may spell a letter as its number; both spellings are looked at.
        bodies = [json.dumps(one, ensure_ascii=False) for one in self.requests]
        return "\n".join([*self._server.heard, *bodies])

    def behave(self, behaviour: str) -> None:
        """Change the script."""
        if behaviour not in BEHAVIOURS:
            raise KeyError(f"{behaviour}: choose one of {', '.join(BEHAVIOURS)}.")
        self._server.behaviour = behaviour
        self._server.script = None

    def script(self, answer: Script) -> None:
        """Answer each request with what a function makes of it."""
        self._server.script = answer

    def require_key(self, key: str) -> None:
        """Turn away whoever comes with another key."""
        self._server.key = key

    def delay(self, seconds: float) -> None:
        """Let it think for a while before each reply."""
        self._server.delay = seconds

    def hung_up(self, timeout: float) -> bool:
        """Whether the caller closed a dripping reply within so many seconds."""
        return self._server.hung_up.wait(timeout)

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def end(self) -> None:
        """Be gone, in the middle of a call too; harmless when it is gone already."""
        # Hung up on first: whoever waits to answer must find nobody on the line.
        self._server.drop()
        self._server.stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def main() -> None:
    """Serve one behaviour until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("behaviour", nargs="?", default="good", choices=BEHAVIOURS)
    parser.add_argument("--port", type=int, default=8089)
    chosen = parser.parse_args()
    with ModelServer(chosen.behaviour, chosen.port) as server:
        print(f"{chosen.behaviour} model at {server.url}", flush=True)  # noqa: T201
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
