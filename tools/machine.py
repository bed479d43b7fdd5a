"""What the demo asks of this machine: ports, keys, programs from wheels."""

import argparse
import base64
import http.client
import json
import secrets
import socket
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
PORTS_TO_TRY = 50
LAST_PORT = 65535


class CannotRun(Exception):
    """Says in a sentence why the demo stops."""


def keys(folder: Path) -> dict[str, str]:
    """Secrets made once for this folder; what they seal must stay readable."""
    kept = folder / "keys.json"
    if not kept.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_KEYS": f"demo1:{_key()}",
            "INDEX_KEY": _key(),
        }
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(made))
    read: dict[str, str] = json.loads(kept.read_text())
    return read


def port_number(text: str) -> int:
    """A port as somebody wrote it; 0 stands for any free one."""
    if text.isascii() and text.isdigit() and int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"'{text}' is no port: give a number from 1 to {LAST_PORT}, "
        "as in make demo PORT=8123"
    )


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one; any free one for 0."""
    for port in range(wanted, min(wanted + PORTS_TO_TRY, LAST_PORT + 1)):
        with socket.socket() as probe:
            # As the server will: a port of a demo just ended is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise CannotRun(
        f"No free port from {wanted} on; choose another: make demo PORT=9000"
    )


def answers(port: int) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", "/livez")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise CannotRun(f"{package} is not installed: run make setup.")
    return Path(spec.submodule_search_locations[0])
