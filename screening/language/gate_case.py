"""A text in front of the gate, and the patterns that its checks look for in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from screening.domain.instruments import Instrument, Item
from screening.language import tables, words
from screening.language.words import Folded

# "cansado(a)", "cansado/a": the other ending says nothing new.
_ENDING = re.compile(r"(?<=[a-záéíóúñ])(?:\((?:a|o|as|os)\)|/(?:a|o|as|os)\b)")
Span = tuple[int, int]  # start and end in the folded text
Patterns = tuple[re.Pattern[str], ...]
NEAR = 3  # words between two phrases that belong together


@dataclass(frozen=True, slots=True)
class Failure:
    """One check that failed, and the words at fault."""

    check: str
    span: str


@dataclass(frozen=True)
class Case:
    """A text, its folded words, and the item beneath which it is to stand."""

    text: str
    item: Item
    instrument: Instrument
    language: str

    @cached_property
    def folded(self) -> Folded:
        """The words without accents, capitals, contractions and second endings."""
        return words.fold(_ENDING.sub("", self.text), mend=opened(self.language))

    @property
    def table(self) -> Mapping[str, Any]:
        """What the gate knows in this language."""
        return tables.table("gate", self.language)

    @property
    def concept(self) -> str:
        """What the item asks about."""
        return self.item.concept

    def spans(self, patterns: Iterable[re.Pattern[str]]) -> Iterator[Span]:
        """Where any of the patterns stands."""
        for pattern in patterns:
            for match in pattern.finditer(self.folded.text):
                if match.group().strip():
                    yield match.span()

    def within(self, patterns: Patterns, whole: Span) -> Iterator[Span]:
        """Where any of the patterns stands within a span."""
        return (span for span in self.spans(patterns) if inside(span, (whole,)))

    def near(self, first: Span, second: Span) -> bool:
        """Whether one span follows another in the same sentence, few words later."""
        between = self.folded.text[first[1] : second[0]].split()
        follows = first[1] < second[0] and words.BREAK not in between
        return follows and len(between) <= NEAR

    @cached_property
    def tokens(self) -> tuple[tuple[str, Span], ...]:
        """Every folded word with its place in the folded text."""
        found = re.finditer(r"\S+", self.folded.text)
        return tuple((match.group(), match.span()) for match in found)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Every sentence that holds a word; a colon or semicolon ends none."""
        found: list[Span] = []
        start = 0
        for (word, span), place in zip(self.tokens, self.folded.places, strict=True):
            if word == words.BREAK and self.folded.raw[place[1]] not in ":;":
                found.append((start, span[0]))
                start = span[1] + 1
        found.append((start, len(self.folded.text)))
        return tuple(span for span in found if self.folded.text[slice(*span)].strip())

    def raw(self, span: Span) -> str:
        """The words of a span as they were written."""
        return self.folded.raw_words(*span)

    def has(self, name: str) -> bool:
        """Whether any pattern of a named list stands in the text."""
        return any(True for _span in self.spans(named(self.language, name)))

    def found(self, name: str, *, outside: Iterable[Span] = ()) -> Iterator[Span]:
        """Where a named list matches, but for matches that lie inside other spans."""
        known = tuple(outside)
        found = self.spans(named(self.language, name))
        return (span for span in found if not inside(span, known))

    @cached_property
    def groups(self) -> tuple[tuple[Span, ...], ...]:
        """Where each part of what the item asks about stands."""
        parts = groups(self.language, self.concept)
        return tuple(tuple(self.spans(group)) for group in parts)

    @cached_property
    def own(self) -> tuple[Span, ...]:
        """Every place that speaks of what the item asks about."""
        return tuple(span for group in self.groups for span in group)

    @cached_property
    def neutral(self) -> tuple[Span, ...]:
        """Phrases that hold a word which elsewhere would be a fault."""
        return tuple(self.spans(named(self.language, "neutral")))

    @cached_property
    def recall(self) -> tuple[Span, ...]:
        """Where the two weeks of the official question are named."""
        return tuple(self.spans(named(self.language, "recall")))


def inside(span: Span, others: Iterable[Span]) -> bool:
    """Whether a span lies inside any of the others."""
    return any(first <= span[0] and span[1] <= last for first, last in others)


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


def halves(language: str, concept: str) -> tuple[tuple[int, ...], ...]:
    """The numbers of the parts that make up each half of a compound concept."""
    entry = tables.table("gate", language)["concepts"][concept]
    return tuple(tuple(half) for half in entry.get("halves", ()))


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
    "states_topic",
    "of_the_form",
    "both_ways",
    "means",
    "question",
    "explains",
    "outside",
)
WORD_LISTS = ("plain", "reversal", "foreign")
TREES = ("asks", "forbidden", "rules_out")


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
        numbers = {number for half in halves(language, concept) for number in half}
        if unknown or numbers - set(range(len(parts))):
            place = f"gate.{language}.json {concept}"
            raise tables.TableError(f"{place}: shares or halves name nothing.")
