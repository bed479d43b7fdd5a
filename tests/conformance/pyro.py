"""Prints what pyrofile, a validator that reads profiles, has against each resource.

Runs with the Python of build/conformance. Told on the standard input: the folders of
definitions, the profiles by type of resource, and the folder to read.
"""

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from pyrofile_validator import Validator
from pyrofile_validator.config import ValidatorConfig

# It looks for the form on disk under its address, which is no file: told of all alike.
TOLD_OF_ALL = ("questionnaire.unresolved",)


def main() -> None:
    asked = json.loads(sys.stdin.read())
    found: dict[str, dict[str, list[list[str]]]] = {}
    # It prints traces of its own, which are none of what it says.
    with contextlib.redirect_stdout(io.StringIO()):
        validator = Validator(ValidatorConfig(local_package_paths=asked["definitions"]))
        for path in sorted(Path(asked["folder"]).glob("*.json")):
            whole = json.loads(path.read_text())
            found[path.name] = _judged(validator, _resources(whole), asked["profiles"])
    sys.stdout.write(json.dumps(found))


def _resources(whole: dict[str, Any]) -> list[dict[str, Any]]:
    if "entry" not in whole:
        return [whole]
    return [one["resource"] for one in whole["entry"] if "resource" in one]


def _judged(
    validator: Any, resources: list[dict[str, Any]], profiles: dict[str, list[str]]
) -> dict[str, list[list[str]]]:
    by_profile: dict[str, list[list[str]]] = {}
    for resource in resources:
        for url in profiles.get(resource["resourceType"], []):
            said = _complaints(validator, resource, url)
            by_profile.setdefault(url.rpartition("/")[2], []).append(said)
    return by_profile


def _complaints(validator: Any, resource: dict[str, Any], profile: str) -> list[str]:
    """It holds a resource against the profiles that the resource itself names."""
    meta = {**resource.get("meta", {}), "profile": [profile]}
    report = validator.validate_resource({**resource, "meta": meta}, "given")
    return [
        f"{issue.path} {issue.message}"
        for issue in report.issues
        if issue.severity.value == "error" and issue.code not in TOLD_OF_ALL
    ]


if __name__ == "__main__":
    main()
