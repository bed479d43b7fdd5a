"""The tables of what the pages hold to are whole, and name real tests."""

import re

import pytest

from tests.cast import Cast, make_cast, signed_in
from tests.support.checklist import NAMED, TOP, Checklist, gone

LISTS = (
    Checklist("checklist-queue.md", lines=29),
    Checklist("checklist-patient.md", lines=52),
)
EACH = pytest.mark.parametrize("checklist", LISTS, ids=lambda one: one.file)


@EACH
def test_every_line_is_there_once(checklist: Checklist):
    assert checklist.numbers() == list(range(1, checklist.lines + 1))


@EACH
def test_every_line_names_tests_or_says_that_it_is_open(checklist: Checklist):
    assert checklist.silent() == []


@EACH
def test_every_named_test_is_there(checklist: Checklist):
    assert checklist.gone() == [], (
        f"Name the test that holds the line now in docs/{checklist.file}."
    )


CRITERION = re.compile(
    r"^\| (\d\.\d\.\d+) \| [^|]+ \| ([^|]+) \| (.+) \|$", re.MULTILINE
)
CRITERIA = 55  # of WCAG 2.2, levels A and AA, without the one that was taken out


def test_accessibility_report_answers_every_criterion():
    report = (TOP / "docs" / "accessibility.md").read_text()
    rows = CRITERION.findall(report)
    assert len({number for number, _, _ in rows}) == len(rows) == CRITERIA
    assert {state for _, state, _ in rows} == {"supports", "partly", "not applicable"}
    bare = [n for n, state, how in rows if not NAMED.search(how) and state[0] != "n"]
    assert (bare, gone(report)) == ([], [])
    for state in ("supports", "partly", "not applicable"):
        count = sum(row[1] == state for row in rows)
        assert re.search(rf"\b{count} (are|partly|do not apply)", report), state


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
