"""Prints what fhirkit, a validator in Rust, has against each file of a folder."""

import json
import sys
from pathlib import Path

import fhirkit


def main(folder: str) -> None:
    found = {
        path.name: [
            str(issue)
            for issue in fhirkit.validate(path.read_text())
            if issue.severity == "error"
        ]
        for path in sorted(Path(folder).glob("*.json"))
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
