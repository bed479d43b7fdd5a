"""The repository keeps the rules that it sets itself."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tools import reference

TOP = Path(__file__).resolve().parent.parent
LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 40
LINES_OF_A_TEMPLATE = 100
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
REQUIREMENT = re.compile(r"^[A-Za-z0-9_.-]+(\[[a-z0-9,]+\])?==[\w.]+ +# \S.+$")
# Where somebody's machine is, not where the product is.
SOMEBODYS_MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/|\.\./shared"
)


@cache
def tracked(pattern: str = "*") -> tuple[Path, ...]:
    command = ["git", "ls-files", "-z", "--cached", "--", pattern]
    listed = subprocess.run(
        command, cwd=TOP, check=True, capture_output=True, text=True
    )
    paths = (TOP / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def code() -> list[Path]:
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module, read once for all rules."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in code()}


def short(path: Path) -> str:
    return str(path.relative_to(TOP))


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_are_short():
    long = {short(path): length(path) for path in code()}
    assert not {name: n for name, n in long.items() if n > LINES_OF_A_FILE}


def test_templates_are_short():
    long = {short(path): length(path) for path in tracked("templates/*.html")}
    assert not {name: n for name, n in long.items() if n > LINES_OF_A_TEMPLATE}


def test_functions_are_short():
    long = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > LINES_OF_A_FUNCTION:
                    long.append(f"{short(path)}: {node.name} has {lines} lines")
    assert not long


def test_modules_say_what_they_are_for():
    mute = [
        short(p)
        for p, tree in trees().items()
        if tree.body and not ast.get_docstring(tree)
    ]
    assert not mute


@pytest.mark.parametrize(
    "name",
    [
        f"requirements{part}.txt"
        for part in ("", "-dev", "-local", "-objects", "-conformance")
    ],
)
def test_dependencies_are_pinned_with_a_reason(name):
    lines = (TOP / name).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert wanted
    assert not [line for line in wanted if not REQUIREMENT.match(line)]


def test_nothing_names_somebodys_machine():
    found = []
    for path in tracked():
        if path.suffix in {".png", ".csv", ".mo"} or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{short(path)}: {hit}" for hit in SOMEBODYS_MACHINE.findall(text)]
    assert not found


def test_no_test_is_skipped():
    skipping = re.compile(
        r"\b(mark\.skip|mark\.skipif|mark\.xfail|pytest\.skip|importorskip)\b"
    )
    tests = [path for path in tracked("tests/*.py") if path != Path(__file__)]
    assert not [
        short(p) for p in tests if skipping.search(p.read_text(encoding="utf-8"))
    ]


def test_settings_are_explained():
    read = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')
    names = set(read.findall((TOP / "config/settings.py").read_text(encoding="utf-8")))
    explained = (TOP / ".env.example").read_text(encoding="utf-8")
    assert names
    assert not {name for name in names if not re.search(rf"\b{name}=", explained)}


def test_ci_runs_what_the_readme_says():
    script = TOP / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")


def test_help_lists_every_target():
    targets = re.findall(
        r"^([a-z-]+):.*## ", (TOP / "Makefile").read_text("utf-8"), re.M
    )
    printed = subprocess.run(["make", "help"], cwd=TOP, check=True, capture_output=True)
    assert len(targets) > 8
    assert not [
        name for name in targets if f"make {name} " not in printed.stdout.decode()
    ]


NAMED = re.compile(r"`((?:tests|bench)/[\w./*-]+)`")


@pytest.mark.parametrize(
    "document",
    [*TOP.glob("*.md"), *sorted(TOP.glob("docs/*.md"))],
    ids=lambda one: one.name,
)
def test_what_holds_a_claim_is_there(document):
    """A claim names its tests: by a file, a folder, or a beginning of their names."""
    named = NAMED.findall(document.read_text("utf-8"))
    missing = [one for one in named if not any(TOP.glob(one.rstrip("/")))]
    assert missing == []


def test_reference_is_up_to_date():
    stale = [
        name
        for name, text in reference.pages().items()
        if (reference.FOLDER / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "Run make docs."
