"""Takes names and numbers that point at a person out of words that leave the house."""

import re
from dataclasses import dataclass
from functools import lru_cache

from screening.language import tables


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with labels in place of what was taken out, and the labels used."""

    text: str
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    plain_capitals: frozenset[str]


def redact(text: str) -> str:
    """The text without identifiers."""
    return redacted(text).text


def redacted(text: str) -> Redacted:
    """The text without identifiers, and what kinds of them were in it."""
    rules = _rules()
    removed: list[str] = []
    for label, pattern in rules.patterns:
        text, count = pattern.subn(f"[{label}]", text)
        removed += [label] * count
    return _without_names(text, removed, rules)


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    content = tables.read(tables.DATA / "redact.json")
    return _Rules(
        patterns=tuple(
            (row["label"], re.compile(row["pattern"])) for row in content["patterns"]
        ),
        plain_capitals=frozenset(content["plain_capitals"]),
    )


_CAPITAL = re.compile(
    r"(?<![\w\[])[^\W\d_a-zà-öø-ÿ][a-zà-öø-ÿ']+(?:-[A-Z][a-z]+)?(?!\w)"
)


def _without_names(text: str, removed: list[str], rules: _Rules) -> Redacted:
    """A capital inside a sentence is a name, unless it is a word known for one."""

    def hide(found: re.Match[str]) -> str:
        word = found.group()
        first = not text[: found.start()].rstrip(" \"'([¿¡")
        first = first or text[: found.start()].rstrip(" \"'([¿¡")[-1:] in ".!?\n"
        if (
            first
            or {word.lower(), word.lower().removesuffix("s")} & rules.plain_capitals
        ):
            return word
        removed.append("name")
        return "[name]"

    return Redacted(_CAPITAL.sub(hide, text), tuple(removed))
