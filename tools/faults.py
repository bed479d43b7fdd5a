"""Plants seventeen faults in the patient's pages, one at a time, and shows the test
that turns red for each.

`python -m tools.faults` takes about three minutes and leaves this tree as it is: each
fault is planted in a copy of it. `python -m tools.faults "low contrast"` plants one.
It fails if a fault goes unnoticed, or if a test is red before anything is planted.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
# Pages as a server sends them; a page of every part as a browser draws it.
SERVED = "tests/screening/views/test_path.py::test_nothing_chosen_is_said_at_summary_and_field"
DRAWN = "tests/look/test_browser.py::test_every_component_is_accessible[phone-light]"
QUESTION = "templates/patient/question.html"
FRAME = "templates/base_patient.html"
BASE, SHEET = "templates/base.html", "static/css/base.css"
CHOICES = "templates/patient/_choices.html"
RED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What stands instead of what in a file, and what the test that notices it says."""

    name: str
    file: str
    swaps: tuple[tuple[str, str], ...]
    says: str
    test: str

    def planted(self, text: str) -> str:
        """Return a file's text with the fault in it."""
        for old, new in self.swaps:
            if old not in text:
                raise LookupError(f"{self.name}: {self.file} does not hold {old!r}.")
            text = text.replace(old, new, 1)
        return text


def _fault(name: str, file: str, old: str, new: str, says: str, test: str) -> Fault:
    return Fault(name=name, file=file, swaps=((old, new),), says=says, test=test)


_CHECKED = "> input:checked + label { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 600; }"
_BY_COLOUR = "> input:checked + label { border-color: var(--accent); }\n.choice > input:checked { border-width: 2px !important; }"
_NO_GROUP = (
    ("<fieldset class=", "<div class="),
    ('{% include "patient/_legend.html" %}', "<h1>{{ item.text }}</h1>"),
    ("</fieldset>", "</div>"),
)
FAULTS = (
    Fault(name="fieldset and legend removed", file=QUESTION, swaps=_NO_GROUP, says="groups: ", test=SERVED),
    *(_fault(*row) for row in (
        ("help link removed", FRAME, '{% block help %}{% include "components/_help_link.html" %}{% endblock %}', "", "ways_out: ", SERVED),
        ("focus outline removed", SHEET, "outline: 3px solid var(--focus);\n  outline-offset", "outline: 0 solid;\n  outline-offset", "focus: ", DRAWN),
        ("live region removed", FRAME, '<p class="visually-hidden" id="status" role="status"></p>', "", "announced: ", SERVED),
        ("a div as a button", QUESTION, "<button class=\"button\">{% translate \"Continue\" %}</button>", "<div class=\"button\">{% translate \"Continue\" %}</div>", "buttons: ", SERVED),
        ("7 px text", SHEET, ".hint, .helptext { display: block; color: var(--ink-soft); font-size: var(--text-s);", ".hint, .helptext { display: block; color: var(--ink-soft); font-size: 7px;", "text: 7px", DRAWN),
        ("18 px-high targets", "static/css/tokens.css", "--target: 2.75rem", "--target: 18px", "target: ", DRAWN),
        ("an unlabelled picture", FRAME, 'alt="" width="28"', 'width="28"', "pictures: ", SERVED),
        ("an error not tied to its field", QUESTION, ' aria-describedby="choice-error"', "", "errors: ", SERVED),
        ("meaning by colour alone", SHEET, _CHECKED, _BY_COLOUR, "colour: ", DRAWN),
        ("missing label", CHOICES, '<label for="choice-declined"><span>{% translate "Prefer not to answer" %}</span></label>', '<span>{% translate "Prefer not to answer" %}</span>', "labels: ", SERVED),
        ("low contrast", "static/css/tokens.css", "--ink-soft: #4a5754", "--ink-soft: #a5b0ad", "color-contrast", DRAWN),
        ("no language", BASE, ' lang="{{ page_language }}"', "", "language: ", SERVED),
        ("no title", BASE, "<title>{% block title_prefix %}{% endblock %}{% block title %}{% endblock %} – {% translate \"Check-in\" %}</title>", "", "title: ", SERVED),
        ("zoom disabled", BASE, "initial-scale=1", "initial-scale=1, user-scalable=no", "zoom: ", SERVED),
        ("positive tabindex", "templates/components/_help_link.html", '<a class="help"', '<a class="help" tabindex="5"', "order: ", SERVED),
        ("duplicate id", CHOICES, 'id="choice-{{ forloop.counter }}"', 'id="choice-1"', "identifiers: ", SERVED),
    )),
)  # fmt: skip


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the tree as it stands, new files included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        check=True,
    )
    made = [str(path.relative_to(TOP)) for path in TOP.glob("locale/**/*.mo")]
    names = [*listed.stdout.decode().split("\0"), *made]
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        for name in filter(None, names):
            if (TOP / name).is_file():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(TOP / name, Path(folder) / name)
        yield Path(folder)


def run(folder: Path, *tests: str) -> str:
    """What pytest says to these tests there. SQLite starts sooner than PostgreSQL."""
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p"]
    done = subprocess.run(
        [*command, "no:cacheprovider", "--tb=short", *tests],
        cwd=folder,
        env={**os.environ, "TEST_DATABASE": "sqlite", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def seen(fault: Fault, folder: Path) -> str:
    """The test that turned red because of the fault; nothing if none did."""
    file = folder / fault.file
    before = file.read_text()
    file.write_text(fault.planted(before))
    try:
        said = run(folder, fault.test)
    finally:
        file.write_text(before)
    red = RED.search(said)
    # Red for another reason, as a page that cannot be made, is not noticing.
    return red[1] if red and fault.says in said else ""


def main(wanted: list[str]) -> int:
    """Plant, run, and print a line for each fault."""
    faults = [one for one in FAULTS if not wanted or one.name in wanted]
    with copied() as folder:
        tests = sorted({one.test for one in faults})
        if " passed" not in (said := run(folder, *tests)) or RED.search(said):
            print("A test is red with no fault planted:\n" + said)
            return 1
        missed = 0
        for fault in faults:
            red = seen(fault, folder)
            missed += not red
            print(f"{fault.name:31} {red or 'NOT NOTICED'}", flush=True)
    print(f"{len(faults) - missed} of {len(faults)} faults turned a test red.")
    return int(bool(missed) or not faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
