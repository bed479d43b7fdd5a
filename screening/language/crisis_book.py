"""The crisis rules of a language, read from their file and compiled once a process."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from screening.language import crisis_spelling, tables
from screening.language.crisis_words import Lexicon

Level = Literal["none", "concern", "urgent"]
Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns that mean the same kind of danger.

    A frame is several patterns that mean it only together, in any order, in a sentence,
    unless something in that sentence says otherwise.
    """

    id: str
    level: Level
    patterns: Patterns
    frames: tuple[Patterns, ...]
    unless: Patterns


@dataclass(frozen=True, slots=True)
class Weights:
    """What makes of an urgent match a concern: it is denied, another's, asked, past."""

    denied_before: Patterns
    not_denied_before: Patterns
    not_denied_after: Patterns
    others: Patterns
    self_words: Patterns
    resets: Patterns
    asking: Patterns
    past: Patterns
    past_next: Patterns
    now: Patterns
    joking: Patterns


@dataclass(frozen=True, slots=True)
class Book:
    """One language's rules, ready to run."""

    version: str
    rules: tuple[Rule, ...]
    harmless: Patterns
    weights: Weights
    lexicon: Lexicon


@lru_cache(maxsize=4)
def book(language: str) -> Book:
    """The rules of a language; raises TableError or KeyError for an unfit file."""
    table = tables.table("crisis", language)
    place = f"crisis.{language}.json"

    def ready(patterns: list[str], name: str) -> Patterns:
        where = f"{place} {name}"
        return tables.compiled(tuple(patterns), table["parts"], place=where)

    def weight(name: str) -> Patterns:
        return ready(table[name], name)

    return Book(
        version=table["version"],
        rules=tuple(
            Rule(
                rule["id"],
                rule["level"],
                ready(rule["patterns"], rule["id"]),
                tuple(ready(one, rule["id"]) for one in rule.get("frames", ())),
                ready(rule.get("unless", []), rule["id"]),
            )
            for rule in table["rules"]
        ),
        harmless=weight("harmless"),
        weights=Weights(
            denied_before=_at_end(weight("denied_before")),
            **{name: weight(name) for name in _WEIGHTS},
        ),
        lexicon=crisis_spelling.lexicon(table),
    )


_WEIGHTS = (
    "not_denied_before",
    "not_denied_after",
    "others",
    "self_words",
    "resets",
    "asking",
    "past",
    "past_next",
    "now",
    "joking",
)


def _at_end(patterns: Patterns) -> Patterns:
    """The same patterns, but only where the text before a match ends with them."""
    return tuple(re.compile(pattern.pattern + r"\s*$") for pattern in patterns)
