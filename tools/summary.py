"""Adds up what the runs of the suite reported, in one last line."""

import sys
from pathlib import Path
from xml.etree import ElementTree


def read(report: Path) -> tuple[int, int, int]:
    """How many tests a report has, how many failed, how many were left out."""
    # Our own tests wrote it a moment ago, so it is no stranger's XML.
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314
    counts = [
        (
            int(suite.get("tests", 0)),
            int(suite.get("failures", 0)) + int(suite.get("errors", 0)),
            int(suite.get("skipped", 0)),
        )
        for suite in suites
    ]
    total, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
    return total, failed, skipped


def main(reports: list[str]) -> int:
    counts = [read(Path(report)) for report in reports]
    total, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
    if skipped:
        print(f"{skipped} tests were skipped; no test may be.")
    print(f"{total - failed - skipped} passed, {failed + skipped} failed")
    return 1 if failed or skipped or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
