"""A checklist in the docs: each of its lines names real tests, or that it is open."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"\[(tests/[\w/]+\.py)::(\w+)\]\(\.\./(tests/[\w/]+\.py)\)")
OPEN = ("Not yet:", "Judged by a person: not yet done.")


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of a file's tests, read without running anything."""
    tree = ast.parse((TOP / path).read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def gone(text: str) -> list[str]:
    """The tests that a document names and that are not there."""
    named = NAMED.findall(text)
    missing = [
        f"{path}::{name}"
        for path, name, link in named
        if link != path or not (TOP / path).is_file() or name not in names_in(path)
    ]
    unread = text.count("::test_") - len(named)
    return missing + ["a name that is not written as the others"] * unread


@dataclass(frozen=True)
class Checklist:
    """The table of one document."""

    file: str
    lines: int

    @property
    def text(self) -> str:
        return (TOP / "docs" / self.file).read_text()

    def numbers(self) -> list[int]:
        return [int(number) for number, _, _ in ROW.findall(self.text)]

    def silent(self) -> list[str]:
        """The lines that neither name a test nor say that they are open."""
        return [
            number
            for number, _, held in ROW.findall(self.text)
            if not NAMED.search(held) and not held.startswith(OPEN)
        ]

    def gone(self) -> list[str]:
        """The named tests that are not there."""
        return gone(self.text)
