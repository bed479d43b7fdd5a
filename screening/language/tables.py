"""Reads the data files of the language layer once, and refuses a file it cannot trust."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "definitions" / "language"
LANGUAGES = ("en", "es")
PROVENANCE = ("version", "source", "reviewed", "review_state")


class TableError(ValueError):
    """A data file of the language layer cannot be used; the sentence says where."""


def short(language: str) -> str:
    """The table to use for a language tag: "es-US", "es-us" and "es" share one."""
    found = language.split("-")[0].lower()
    return found if found in LANGUAGES else "en"


@lru_cache(maxsize=32)
def table(name: str, language: str) -> Mapping[str, Any]:
    """One rule file, for example table("crisis", "es-US")."""
    return read(DATA / f"{name}.{short(language)}.json")


def read(path: Path) -> dict[str, Any]:
    """The object in a JSON file that says its version, source and review state."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TableError(f"{path.name}: cannot be read ({error}).") from error
    if not isinstance(content, dict):
        raise TableError(f"{path.name}: must hold one JSON object.")
    missing = [key for key in PROVENANCE if key not in content]
    if missing:
        raise TableError(f"{path.name}: does not say its {', '.join(missing)}.")
    return content


def compiled(
    patterns: tuple[str, ...], parts: Mapping[str, str], *, place: str
) -> tuple[re.Pattern[str], ...]:
    """Patterns over folded words; <NAME> stands for a part, the ends are word ends."""
    return tuple(_compile(pattern, parts, place) for pattern in patterns)


def _compile(pattern: str, parts: Mapping[str, str], place: str) -> re.Pattern[str]:
    whole = pattern
    for _depth in range(3):  # parts may be built of parts, two levels deep
        for name, part in parts.items():
            whole = whole.replace(f"<{name}>", f"(?:{part})")
    if left := re.search(r"<[A-Z_]+>", whole):
        raise TableError(f"{place}: {left.group()} is not a named part.")
    try:
        return re.compile(rf"(?<!\S)(?:{whole})(?!\S)")
    except re.error as error:
        raise TableError(f"{place}: {pattern!r} is no pattern ({error}).") from error
