"""The table of what the queue and the charts hold to is whole, and names real tests."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.cast import Cast, make_cast, signed_in

TOP = Path(__file__).resolve().parents[1]
TABLE = (TOP / "docs" / "checklist-queue.md").read_text()
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"\[(tests/[\w/]+\.py)::(\w+)\]\(\.\./(tests/[\w/]+\.py)\)")
OPEN = ("Not yet:", "Judged by a person: not yet done.")
LINES = 29


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of a file's tests, read without running anything."""
    tree = ast.parse((TOP / path).read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_line_is_there_once():
    numbers = [int(number) for number, _, _ in ROW.findall(TABLE)]
    assert numbers == list(range(1, LINES + 1))


def test_every_line_names_tests_or_says_that_it_is_open():
    silent = [
        number
        for number, _, held in ROW.findall(TABLE)
        if not NAMED.search(held) and not held.startswith(OPEN)
    ]
    assert silent == []


def test_every_named_test_is_there():
    named = NAMED.findall(TABLE)
    assert len(named) == TABLE.count("::test_")
    gone = [
        f"{path}::{name}"
        for path, name, link in named
        if link != path or not (TOP / path).is_file() or name not in names_in(path)
    ]
    assert gone == [], (
        "Name the test that holds the line now in docs/checklist-queue.md."
    )


def test_no_page_makes_a_sound():
    """Alarms are seen: a sound in a room of patients tells too much."""
    files = [
        *(TOP / "templates").rglob("*.html"),
        *(TOP / "static" / "js").glob("*.js"),
    ]
    loud = [
        str(file.relative_to(TOP))
        for file in files
        if re.search(r"<audio|new Audio|AudioContext|\.play\(", file.read_text())
    ]
    assert loud == []


def test_queue_asks_no_faster_than_every_half_minute(db):
    cast: Cast = make_cast()
    page = signed_in(cast.alice).get("/staff/").content.decode()
    (every,) = re.findall(r'data-hx-trigger="every (\d+)s, refresh"', page)
    assert int(every) >= 30
