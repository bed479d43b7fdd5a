"""No path from a model's output reaches an answer, a score or a flag.

Shown twice. By structure: the code that holds a model's reply calls no write but those
that keep a turn's page and a call's row; the writes of answers, scores and flags stand
in modules that know no model. And by behaviour, in test_no_path_behaviour.py.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[3]
APPS = ("core", "screening", "clinicians", "records", "config")
DOOR = "screening.language.client"
# What a module that holds a reply may write with: the page a turn leads to, the text
# shown beneath an item, the rows of calls. None of them takes a value for an answer.
WRITES = {
    "screening.engine.words": {"settle_turn", "save_calls"},
    "screening.engine.explaining": {"settle_reply", "save_calls", "keep_turn"},
    "screening.engine.calling": set(),
    # Starts a run of the library; only asks whether there is a model.
    "clinicians.views.wording_runs": {"start_run", "RunRefused"},
    # The library: a wording is a row of its own, and shown only once people signed it.
    "screening.tasks": {
        *("claim_work", "settle_work", "fail_work", "unfinished_runs"),
        "ATTEMPTS",  # how often, a number
    },
}
# Reached by everything, and of no effect on anything but the process itself.
HARMLESS = {"config.wsgi"}
RESULTS = {"Answer", "Score", "Flag", "Episode"}
MAKERS = {"create", "bulk_create", "update", "get_or_create", "update_or_create"}


@cache
def modules() -> dict[str, ast.Module]:
    found = {}
    for app in APPS:
        for path in (TOP / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(TOP).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that one imports, however it spells it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


@cache
def holders() -> frozenset[str]:
    """The modules of the language layer through which a reply can pass."""
    found = {DOOR}
    while True:
        more = {
            name
            for name, tree in modules().items()
            if name.startswith("screening.language.") and found & set(imported(tree))
        }
        if more <= found:
            return frozenset(found)
        found |= more


def users() -> dict[str, ast.Module]:
    """The modules outside the layer that call into one that can hold a reply."""
    return {
        name: tree
        for name, tree in modules().items()
        if not name.startswith("screening.language")
        and name not in HARMLESS
        and holders() & set(imported(tree))
    }


def called(tree: ast.AST) -> set[str]:
    """The last name of everything that is called."""
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
    }


def writes(tree: ast.Module) -> set[str]:
    """What a module uses of what it imported from an actions module, called or not."""
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if "actions" in f"{node.module}.{alias.name}".split(".")
    }
    through = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ours
    }
    by_name = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return through | {one for one in by_name & ours if not _is_module(one)}


def _is_module(name: str) -> bool:
    return any(one.endswith(f".actions.{name}") for one in modules())


def test_openai_is_imported_by_the_door_alone():
    found = {
        name
        for name, tree in modules().items()
        if any(one.split(".")[0] in ("openai", "httpx2") for one in imported(tree))
    }
    assert found == {DOOR, "screening.language.transport"}


def test_only_known_modules_can_hold_a_reply():
    assert "screening.language.proposing" in holders()
    assert set(WRITES) <= set(users())
    unknown = {
        name for name, tree in users().items() if name not in WRITES and writes(tree)
    }
    assert not unknown, "say in WRITES which writes these need, and why they may"


@pytest.mark.parametrize("name", sorted(WRITES))
def test_module_that_holds_a_reply_writes_no_result(name):
    assert writes(modules()[name]) == WRITES[name]


def test_module_that_holds_a_reply_touches_no_result_row():
    for name in set(users()) | holders():
        for node in ast.walk(modules()[name]):
            if isinstance(node, ast.Attribute) and node.attr == "objects":
                assert ast.unparse(node.value) not in RESULTS, name


def test_turn_that_was_read_by_a_model_ends_there():
    """After `understand` nothing is stored any more: its outcome is a page."""
    tree = modules()["screening.engine.turn"]
    (caller,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "understand" in called(node)
    )
    asked, led = caller.body[-2:]
    assert "understand" in called(asked)
    assert isinstance(led, ast.Return)
    assert called(led) == {"Taken"}


def test_results_are_written_in_actions_alone():
    for name, tree in modules().items():
        if ".actions" in name or name.startswith(("clinicians.management", "config")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                made = ast.unparse(node.func)
                first = made.split(".")[0]
                assert not (first in RESULTS and node.func.attr in MAKERS), (
                    f"{name}: {made}"
                )


def test_actions_know_no_model():
    for name, tree in modules().items():
        if ".actions" in name:
            reached = {one for one in imported(tree) if "screening.language" in one}
            assert not reached, name
