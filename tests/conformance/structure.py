"""Everything that is emitted, and what is spoilt of it, before five validators."""

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.conformance import parts
from tests.conformance.breaks import broken
from tests.conformance.readers import READERS
from tests.conformance.table import Complaints, Row, accepting

EMITTED, BROKEN = parts.PLACE / "emitted", parts.PLACE / "broken"
Said = dict[str, dict[str, Complaints]]  # judge, file, what it has against it


def emit() -> tuple[Row, ...]:
    """No rows yet. Have the real serialisers write everything, as a client would receive it."""
    shutil.rmtree(EMITTED, ignore_errors=True)
    command = [sys.executable, "-m", "pytest", "-q", "tests/conformance/emitting.py"]
    environment = {**os.environ, "EMIT_TO": str(EMITTED)}
    done = subprocess.run(
        command, cwd=parts.TOP, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise parts.PartMissing(f"Nothing could be emitted:\n{done.stdout[-3000:]}")
    return ()


def rows() -> Iterator[Row]:
    """Every type of resource before every judge, then every break before all of them."""
    good = _texts(EMITTED)
    said = _judged(EMITTED)
    types: dict[str, list[str]] = defaultdict(list)
    for name, text in good.items():
        types[json.loads(text)["resourceType"]].append(name)
    for kind, names in sorted(types.items()):
        for judge, heard in said.items():
            yield accepting(kind, judge, [heard[name] for name in names])
    yield from _breaks(good, said)


def _breaks(good: dict[str, str], before: Said) -> Iterator[Row]:
    shutil.rmtree(BROKEN, ignore_errors=True)
    BROKEN.mkdir(parents=True)
    made = {f"{number:02}": one for number, one in enumerate(broken(good))}
    for name, (_, text) in made.items():
        (BROKEN / f"{name}.json").write_text(text)
    said = _judged(BROKEN)
    for name, (one, _) in made.items():
        # Only a judge that accepts the good one tells anything by a refusal.
        fair = [judge for judge in said if not before[judge][one.of]]
        heard = [judge for judge in fair if said[judge][name]]
        what = f"broken: {one.of}: {one.why}"
        accepted = len(fair) - len(heard)
        yield Row(what, ", ".join(heard) or "-", accepted, len(heard), bool(heard))
    for judge, answers in said.items():
        rejected = sum(bool(answers[name]) for name in made)
        what = f"all {len(made)} broken ones"
        yield Row(what, judge, len(made) - rejected, rejected, rejected > 0)


def _texts(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in sorted(folder.glob("*.json"))}


def _judged(folder: Path) -> Said:
    said: Said = defaultdict(dict)
    for name, by_judge in json.loads(parts.node("judge.mjs", str(folder))).items():
        for judge, complaints in by_judge.items():
            said[judge][Path(name).stem] = complaints
    for judge, read in READERS.items():
        said[judge] = {name: read(text) for name, text in _texts(folder).items()}
    rust = json.loads(parts.python("tests.conformance.rust", str(folder)))
    said["fhirkit"] = {Path(name).stem: found for name, found in rust.items()}
    return said
