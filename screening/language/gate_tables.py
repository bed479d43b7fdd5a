"""The gate's own tables as patterns: named lists, the parts of a concept, its words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Any

from screening.language import tables, words
from screening.language.words import Folded

Patterns = tuple[re.Pattern[str], ...]
# "cansado(a)", "cansado/a": the other ending says nothing new.
_ENDING = re.compile(r"(?<=[a-záéíóúñ])(?:\((?:a|o|as|os)\)|/(?:a|o|as|os)\b)")

LISTS = (
    "recall",
    "names_window",
    "other_period",
    "disclaims",
    "neutral",
    "second_person",
    "frame",
    "acts",
    "narrows",
    "polarity",
    "turned_twice",
    "context",
    "tells",
    "states_topic",
    "of_the_form",
    "both_ways",
    "means",
    "question",
    "explains",
    "speaks",
    "because",
    "asserted",
)
WORD_LISTS = ("plain", "reversal", "foreign", "never_new")
TREES = ("asks", "forbidden", "rules_out", "topics")


def folded(text: str, language: str) -> Folded:
    """Words without accents, capitals, contractions and second endings."""
    return words.fold(_ENDING.sub("", text), mend=opened(language))


@lru_cache(maxsize=4)
def opened(language: str) -> words.Mend:
    """Opens contractions: "don't" is read as "do not"."""
    return words.alias_mender(tables.table("gate", language)["aliases"])


@lru_cache(maxsize=512)
def named(language: str, name: str) -> Patterns:
    """A list of patterns by its dotted name, such as "forbidden.advice"."""
    found: Any = tables.table("gate", language)
    for key in name.split("."):
        found = found[key]
    return _compiled(language, found, name)


@lru_cache(maxsize=128)
def groups(language: str, concept: str) -> tuple[Patterns, ...]:
    """The parts of a concept, each of which has to be kept in one of several ways."""
    parts = tables.table("gate", language)["concepts"][concept]["all"]
    return tuple(_compiled(language, part, concept) for part in parts)


@lru_cache(maxsize=128)
def also(language: str, concept: str) -> Patterns:
    """What may stand in a paraphrase of a concept besides its parts."""
    entry = tables.table("gate", language)["concepts"][concept]
    return _compiled(language, entry.get("also", ()), concept)


@lru_cache(maxsize=512)
def word_list(language: str, name: str) -> Patterns:
    """A list of words and phrases written as one line each, as patterns."""
    found: Any = tables.table("gate", language)
    for key in name.split("."):
        found = found[key]
    lines = [found] if isinstance(found, str) else found
    every = tuple(word for line in lines for word in line.split())
    return _compiled(language, ["|".join(every)], name) if every else ()


def _compiled(language: str, patterns: Iterable[str], name: str) -> Patterns:
    parts = tables.table("gate", language)["parts"]
    place = f"gate.{language}.json {name}"
    return tables.compiled(tuple(patterns), parts, place=place)


def compile_all(language: str) -> None:
    """Read every pattern of a language now, so that a bad one is found at start."""
    table = tables.table("gate", language)
    for name in (*LISTS, *(f"{one}.{two}" for one in TREES for two in table[one])):
        named(language, name)
    for name in WORD_LISTS:
        word_list(language, name)
    for concept, entry in table["concepts"].items():
        parts = groups(language, concept)
        also(language, concept)
        word_list(language, f"concepts.{concept}.words")
        for name in ("signature", "wrong"):
            named(language, f"concepts.{concept}.{name}")
        unknown = set(entry.get("shares", ())) - set(table["concepts"])
        numbers = {*entry.get("parts", ()), *chain(*entry.get("halves", ()))}
        if unknown or numbers - set(range(len(parts))):
            place = f"gate.{language}.json {concept}"
            raise tables.TableError(f"{place}: shares or halves name nothing.")
