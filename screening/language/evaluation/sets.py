"""Reads the labelled sets; a file that could not measure anything is refused."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PARTS = ("interpret", "safety", "gate", "clarify", "redact")
HALVES = ("dev", "heldout")
LANGUAGES = ("en", "es")
# What each row says beside id, lang and text: the answer that a person gave.
LABELS: Mapping[str, frozenset[str]] = {
    "interpret": frozenset({"item", "outcome", "value", "kind"}),
    "safety": frozenset({"level", "kind"}),
    "gate": frozenset({"item", "passed", "fault", "kind"}),
    "clarify": frozenset({"item", "intent"}),
    "redact": frozenset({"identifiers", "keep"}),
}
Row = Mapping[str, Any]


class SetRefused(ValueError):
    """A labelled set that cannot be used; the sentence says where and why."""


def read(folder: Path, half: str, part: str) -> tuple[Row, ...]:
    """The rows of one part and half, in order; raises SetRefused."""
    path = folder / half / f"{part}.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetRefused(f"{half}/{part}.jsonl cannot be read: {error}") from error
    place = f"{half}/{part}.jsonl"
    rows = tuple(
        _row(line, part, f"{place}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    )
    if not rows:
        raise SetRefused(f"{place} holds no rows.")
    ids = [row["id"] for row in rows]
    if len(set(ids)) < len(ids):
        raise SetRefused(f"{place} has an id twice.")
    return rows


def _row(line: str, part: str, place: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise SetRefused(f"{place} is not JSON ({error}).") from error
    wanted = LABELS[part] | {"id", "lang", "text"}
    if not isinstance(row, dict) or not wanted <= set(row):
        raise SetRefused(f"{place} needs {', '.join(sorted(wanted))}.")
    if row["lang"] not in LANGUAGES or not isinstance(row["text"], str):
        raise SetRefused(f"{place}: lang is en or es, and text is a string.")
    return row
