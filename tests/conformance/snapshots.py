"""Compiles our restatement of profiles into definitions that validators can read."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.conformance import parts

SOURCE = parts.HERE / "restated"
HOME = parts.PLACE / "home"
CORE = HOME / ".fhir" / "packages" / "hl7.fhir.r4.core#4.0.1" / "package"
MADE = parts.PLACE / "restated"
SNAPSHOTS = MADE / "fsh-generated" / "resources"
STAMP = HOME / "compiled"
SUSHI = parts.PLACE / "node_modules" / "fsh-sushi" / "dist" / "app.js"
# Nobody listens there: what SUSHI would look up elsewhere it is refused at once.
NOWHERE = "http://127.0.0.1:9"


def make() -> Path:
    """The folder of snapshots; quick when nothing changed since the last time."""
    wanted = _digest()
    if not STAMP.exists() or STAMP.read_text() != wanted or not SNAPSHOTS.exists():
        for old in (HOME, MADE):
            shutil.rmtree(old, ignore_errors=True)
        parts.node("snapshots.mjs", str(HOME))
        shutil.copytree(SOURCE, MADE)
        _compile()
        STAMP.write_text(wanted)
    return SNAPSHOTS


def _digest() -> str:
    digest = hashlib.sha256(parts.STAMP.read_bytes())
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    digest.update((parts.HERE / "snapshots.mjs").read_bytes())
    return digest.hexdigest()


def _compile() -> None:
    alone = {
        **os.environ,
        "HOME": str(HOME),
        "PATH": "",
        "FPL_REGISTRY": NOWHERE,
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), NOWHERE),
    }
    done = subprocess.run(
        [str(parts.node_program()), str(SUSHI), "build", "--snapshot", str(MADE)],
        env=alone,
        capture_output=True,
        text=True,
        timeout=parts.PATIENCE,
    )
    if done.returncode or " 0 Errors" not in done.stdout:
        said = (done.stdout + done.stderr)[-3000:]
        raise parts.PartMissing(f"SUSHI did not compile {SOURCE}:\n{said}")
