"""One language's tables for reading replies, compiled once a process."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.language import tables

SHORTEST = 3  # letters in a sound that is worth anything


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the table: a pattern and how to read what it matched."""

    id: str
    pattern: re.Pattern[str]
    values: frozenset[int]
    reason: str
    count: str
    event: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's tables, compiled."""

    table: Mapping[str, Any]
    days: Mapping[int, frozenset[int]]
    first: tuple[Phrase, ...]
    phrases: tuple[Phrase, ...]
    difficulty: tuple[Phrase, ...]
    known: frozenset[str]
    sounds: Mapping[str, tuple[str, ...]]
    slips: Mapping[str, str]

    def patterns(self, name: str) -> tuple[re.Pattern[str], ...]:
        """A named list of patterns of this language."""
        return _patterns(self.table["language"], name)


@lru_cache(maxsize=4)
def vocabulary(language: str) -> Vocabulary:
    """The tables of a language, compiled once a process."""
    table = dict(tables.table("interpret", language))
    table["language"] = tables.short(language)
    rows = [(row, _phrase(row, table["parts"])) for row in table["phrases"]]
    known = frozenset(
        [*table["vocabulary"], *table["common"], *table["numbers"]]
        + [word for text in table["aliases"].values() for word in text.split()]
    )
    return Vocabulary(
        table=table,
        days={int(n): frozenset(v) for n, v in table["days"]["values"].items()},
        first=tuple(phrase for row, phrase in rows if row.get("first")),
        phrases=tuple(phrase for row, phrase in rows if not row.get("first")),
        difficulty=tuple(_phrase(row, table["parts"]) for row in table["difficulty"]),
        known=known,
        sounds=_by_sound(table),
        slips=_slips(table, known | {*table["neutral_words"], *table["aliases"]}),
    )


def _slips(table: Mapping[str, Any], words: frozenset[str]) -> dict[str, str]:
    """Number words with one letter left out, doubled or changed places: "sevn".

    They are too short for the general mending: each slip that is a word of its own, or
    that two numbers share, is left alone.
    """
    found: dict[str, set[str]] = {}
    for word in table["numbers"]:
        for at in range(1, len(word)):
            swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
            doubled = word[:at] + word[at] + word[at:]
            for slip in (word[:at] + word[at + 1 :], doubled, swapped):
                found.setdefault(slip, set()).add(word)
    of = table["numbers"]
    return {
        slip: min(meant)
        for slip, meant in found.items()
        if len(slip) > 2 and slip not in words and len({of[one] for one in meant}) == 1
    }


def _by_sound(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in (*table["vocabulary"], *table["numbers"]):
        heard = sound(word, table["sounds"])
        if len(heard) >= SHORTEST:
            found[heard] = (*found.get(heard, ()), word)
    return found


@lru_cache(maxsize=64)
def _patterns(language: str, name: str) -> tuple[re.Pattern[str], ...]:
    table = tables.table("interpret", language)
    return tables.compiled(
        tuple(table[name]), table["parts"], place=f"interpret.{language}.json {name}"
    )


@lru_cache(maxsize=64)
def about(language: str, concept: str, name: str) -> tuple[re.Pattern[str], ...]:
    """A named list of patterns in which <SYMPTOM> is the problem that an item asks of."""
    table = tables.table("interpret", language)
    problem = "|".join([*table["symptoms"].get(concept, ()), *table["symptoms"]["any"]])
    own = "|".join(table["symptoms"].get(concept, ("(?!)",)))
    opposite = "|".join(table["opposites"].get(concept, ("(?!)",)))
    parts = {**table["parts"], "SYMPTOM": problem, "OWN": own, "OPPOSITE": opposite}
    place = f"interpret.{language}.json {name} of {concept}"
    return tables.compiled(tuple(table[name]), parts, place=place)


def _phrase(row: Mapping[str, Any], parts: Mapping[str, str]) -> Phrase:
    (pattern,) = tables.compiled(
        (row["pattern"],), parts, place=f"interpret {row['id']}"
    )
    return Phrase(
        id=row["id"],
        pattern=pattern,
        values=frozenset(row.get("values", ())),
        reason=row.get("reason", ""),
        count=row.get("count", ""),
        event=bool(row.get("event")),
    )


def sound(word: str, sounds: Iterable[tuple[str, str]]) -> str:
    """The word as it sounds, so far as people who spell by ear differ: "barios"."""
    for letters, sound in sounds:
        word = re.sub(letters, sound, word)
    return word
