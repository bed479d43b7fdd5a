"""A FHIR server with a memory, on this machine, that fails as it is told to."""

import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KINDS = ("Patient", "QuestionnaireResponse", "Observation")


@dataclass
class Target:
    """`faults`: what happens to the next writes, each used once: a status to answer
    instead of working, or "late": work, and let nobody know in time."""

    url: str = ""
    whole: bool = True
    kinds: tuple[str, ...] = KINDS
    searchable: bool = True
    update_create: bool = False
    token: str = ""
    late: float = 0.6
    slow: float = 0
    busy: list[str] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    faults: list[int | str] = field(default_factory=list)
    stored: dict[str, dict[str, Any]] = field(default_factory=dict[str, Any])
    asked: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self, kind: str) -> list[dict[str, Any]]:
        return [one for name, one in self.stored.items() if name.startswith(f"{kind}/")]

    def find(self, kind: str, search: str) -> list[str]:
        system, _, value = parse_qs(search)["identifier"][0].partition("|")
        return [
            name
            for name, one in self.stored.items()
            if name.startswith(f"{kind}/")
            and {"system": system, "value": value} in _listed(one.get("identifier", []))
        ]

    def statement(self) -> dict[str, Any]:
        codes = [{"code": "transaction"}] if self.whole else []
        searches = [{"name": "identifier", "type": "token"}] if self.searchable else []
        resource = [
            {
                "type": kind,
                "interaction": [{"code": "create"}, {"code": "update"}],
                "searchParam": searches,
                "updateCreate": self.update_create,
            }
            for kind in self.kinds
        ]
        rest = {"mode": "server", "interaction": codes, "resource": resource}
        return {
            "resourceType": "CapabilityStatement",
            "fhirVersion": "4.0.1",
            "rest": [rest],
        }

    def keep(self, name: str, resource: dict[str, Any]) -> str:
        status = "200" if name in self.stored else "201"
        self.stored[name] = {**resource, "id": name.partition("/")[2]}
        return status


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def transact(target: Target, bundle: dict[str, Any]) -> dict[str, Any]:
    """All entries or none; references by fullUrl become the server's own."""
    named, said = {}, []
    for entry in bundle["entry"]:
        request = entry["request"]
        kind, _, search = request["url"].partition("?")
        found = target.find(kind, search or request.get("ifNoneExist", ""))
        assert len(found) < 2
        named[entry["fullUrl"]] = found[0] if found else f"{kind}/{uuid.uuid4()}"
    for entry in bundle["entry"]:
        name = named[entry["fullUrl"]]
        text = json.dumps(entry["resource"])
        for full_url, own in named.items():
            text = text.replace(f'"{full_url}"', f'"{own}"')
        left = entry["request"]["method"] == "POST" and name in target.stored
        status = "200" if left else target.keep(name, json.loads(text))
        said.append({"response": {"status": status, "location": f"{name}/_history/1"}})
    target.order.append(json.dumps(bundle))
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": said}


class _Handler(BaseHTTPRequestHandler):
    target: Target

    def _work(self) -> None:
        target = self.target
        path = urlsplit(self.path).path.removeprefix("/fhir").strip("/")
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target.asked.append(f"{self.command} {path}")
        if target.token and self.headers["Authorization"] != f"Bearer {target.token}":
            return self._say(401, {})
        if path == "metadata":
            return self._say(200, target.statement())
        if path.endswith("/_search"):
            found = target.find(path.partition("/")[0], raw.decode())
            entries = [
                {"resource": {**target.stored[n], "resourceType": n.partition("/")[0]}}
                for n in found
            ]
            return self._say(200, {"resourceType": "Bundle", "entry": entries})
        with self._in_hand(raw), target.lock:
            fault = target.faults.pop(0) if target.faults else None
            if isinstance(fault, int):
                return self._say(fault, {"resourceType": "OperationOutcome"})
            status, body, location = self._write(path, json.loads(raw))
        if fault == "late":
            time.sleep(target.late)
        return self._say(status, body, location)

    @contextmanager
    def _in_hand(self, raw: bytes) -> Iterator[None]:
        """Notes two transactions for one patient at the same time."""
        whose = json.loads(raw).get("entry", [{}])[0].get("fullUrl", "")
        if whose and whose in self.target.busy:
            self.target.overlaps.append(whose)
        self.target.busy.append(whose)
        time.sleep(self.target.slow)
        yield
        self.target.busy.remove(whose)

    def _write(
        self, path: str, body: dict[str, Any]
    ) -> tuple[int, dict[str, Any], str]:
        if not path:
            return 200, transact(self.target, body), ""
        name = path
        if self.command == "POST":
            found = self.target.find(path, self.headers["If-None-Exist"])
            if found:
                return 200, {**body, "id": found[0].partition("/")[2]}, ""
            name = f"{path}/{uuid.uuid4()}"
        status = self.target.keep(name, body)
        return int(status), {}, f"{self.target.url}/{name}/_history/1"

    def _say(self, status: int, body: dict[str, Any], location: str = "") -> None:
        raw = json.dumps(body).encode()
        try:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)
        except OSError:
            pass  # nobody waited for it

    do_GET = do_POST = do_PUT = _work

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def fhir_target(**how: Any) -> Iterator[Target]:
    target = Target(**how)
    handler = type("Handler", (_Handler,), {"target": target})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    target.url = f"http://127.0.0.1:{server.server_address[1]}/fhir"
    try:
        yield target
    finally:
        server.shutdown()
        server.server_close()


REFERENCE = re.compile(r'"reference": "([A-Za-z]+/[^"]+)"')


def broken_references(target: Target) -> list[str]:
    """References that lead to nothing on this server."""
    found = REFERENCE.findall(json.dumps(list(target.stored.values())))
    return [one for one in found if one not in target.stored]
