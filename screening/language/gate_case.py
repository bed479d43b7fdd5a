"""A text in front of the gate, and the patterns that its checks look for in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from screening.domain.instruments import Instrument, Item
from screening.language import tables, words
from screening.language.gate_tables import Patterns, folded, groups, named
from screening.language.words import Folded

Span = tuple[int, int]  # start and end in the folded text
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
        return folded(self.text, self.language)

    @property
    def table(self) -> Mapping[str, Any]:
        """What the gate knows in this language."""
        return tables.table("gate", self.language)

    @property
    def entry(self) -> Mapping[str, Any]:
        """What the gate knows of the item's concept."""
        found: Mapping[str, Any] = self.table["concepts"][self.concept]
        return found

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
