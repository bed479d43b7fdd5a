"""Starts servers that others wrote, on loopback, and asks them what they hold."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conformance import parts

PATIENCE = 60.0
SETTINGS = """\
base_url: http://127.0.0.1:{port}/fhir
host: 127.0.0.1
port: {port}
data_dir: {folder}
simulator: {{enabled: false}}
"""


@contextmanager
def medplum(*, whole: bool) -> Iterator[str]:
    """Medplum's router over its memory; ends with the pipe that it reads."""
    how = "whole" if whole else "single"
    with subprocess.Popen(
        [str(parts.node_program()), "target.mjs", how],
        cwd=parts.PLACE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        # Leaving closes its input, and waits for its end.
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/fhir"


@contextmanager
def sekmet(folder: Path) -> Iterator[str]:
    """`sekmet serve` with an empty database of its own, on loopback and nowhere else."""
    port = _free_port()
    file = folder / "settings.yaml"
    file.write_text(SETTINGS.format(port=port, folder=folder))
    here = ["--config", str(file), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [parts.program("sekmet"), "serve", *here],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    base = f"http://127.0.0.1:{port}/fhir"
    try:
        _wait_for(f"{base}/metadata", folder / "log.txt")
        yield base
    finally:
        process.terminate()
        process.wait(PATIENCE)


def held(base: str, kind: str) -> list[dict[str, Any]]:
    """Every resource of this type that the server holds."""
    found = read(f"{base}/{kind}?_count=200")
    return [one["resource"] for one in found.get("entry", [])]


def read(url: str) -> dict[str, Any]:
    """What a server of this machine answers."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        made: dict[str, Any] = json.loads(answer.read())
    return made


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait_for(url: str, log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            read(url)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise parts.PartMissing(f"No server came up:\n{log.read_text()[-1500:]}")
