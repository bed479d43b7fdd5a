"""What is emitted, and what is spoilt of it, held against the profiles it claims."""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.conformance import parts, snapshots
from tests.conformance.breaks import broken
from tests.conformance.profile_breaks import PROFILE_BREAKS
from tests.conformance.structure import EMITTED
from tests.conformance.table import Complaints, Row, accepting

BROKEN = parts.PLACE / "broken-profiles"
# Judge, file, profile: what it has against each resource of the file.
Said = Mapping[str, Mapping[str, Mapping[str, list[Complaints]]]]


def rows() -> Iterator[Row]:
    """Every resource that a profile is for, then every break of a profile."""
    said = _judged(EMITTED)
    for judge, by_file in said.items():
        heard: dict[str, list[Complaints]] = defaultdict(list)
        for by_profile in by_file.values():
            for profile, complaints in by_profile.items():
                heard[profile] += complaints
        for profile, complaints in sorted(heard.items()):
            yield accepting(f"profile {profile}", judge, complaints)
    yield from _breaks(said)


def _breaks(before: Said) -> Iterator[Row]:
    shutil.rmtree(BROKEN, ignore_errors=True)
    BROKEN.mkdir(parents=True)
    good = {path.stem: path.read_text() for path in EMITTED.glob("*.json")}
    only = [one for _, one in PROFILE_BREAKS]
    for number, (_, text) in enumerate(broken(good, only)):
        (BROKEN / f"{number:02}.json").write_text(text)
    said = _judged(BROKEN)
    rejected: dict[str, int] = defaultdict(int)
    for number, (profile, one) in enumerate(PROFILE_BREAKS):
        name = f"{number:02}.json"
        # Only a judge that accepts the good one tells anything by a refusal.
        fair = [
            judge
            for judge, by_file in before.items()
            if by_file[f"{one.of}.json"].get(profile) == [[]]
        ]
        heard = [judge for judge in fair if said[judge][name][profile][0]]
        for judge in heard:
            rejected[judge] += 1
        what = f"broken profile: {one.of}: {one.why}"
        accepted = len(fair) - len(heard)
        yield Row(what, ", ".join(heard) or "-", accepted, len(heard), bool(heard))
    for judge in before:
        count, whole = rejected[judge], len(PROFILE_BREAKS)
        what = f"all {whole} broken profiles"
        yield Row(what, judge, whole - count, count, count > 0)


def _judged(folder: Path) -> Said:
    where = snapshots.make()
    restated = [json.loads(path.read_text()) for path in where.glob("*.json")]
    by_type: dict[str, list[str]] = defaultdict(list)
    for one in restated:
        # Of good forms pyrofile says that their options had no value.
        if one["type"] != "Questionnaire":
            by_type[one["type"]].append(one["url"])
    asked = {
        "definitions": [str(snapshots.CORE), str(where)],
        "profiles": by_type,
        "folder": str(folder),
    }
    told = json.dumps(asked)
    return {
        "@medplum/core": json.loads(
            parts.node("profiles.mjs", str(folder), str(where))
        ),
        "pyrofile": json.loads(parts.python("tests.conformance.pyro", told=told)),
    }
