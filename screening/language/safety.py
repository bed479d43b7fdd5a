"""Crisis language in raw text, by versioned rules: a second net under item 9.

Every text is read with the rules of every language we have, since people mix them.
`urgent` interrupts with help; `concern` is a quiet sign for a person to read. A match
that is denied ("I would never ..."), said of somebody else, asked about or long past
never makes `urgent`, and is never nothing.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from screening.language import crisis_words, neighbours, tables, words
from screening.language.crisis_book import Book, Level, Rule, book
from screening.language.crisis_weighing import Span, weighed

__all__ = ["Finding", "Level", "book", "find", "watch"]

log = logging.getLogger(__name__)

LONGEST = 20_000  # beyond it the first and the last half are read
_RANK: dict[Level, int] = {"none": 0, "concern": 1, "urgent": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, so that a clinician can see why."""

    level: Level
    words: tuple[str, ...]
    rule_ids: tuple[str, ...]
    version: str
    by_example: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    rule_id: str
    level: Level
    words: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as one language reads it, and what in it only sounds like danger."""

    folded: words.Folded
    clear: str
    idioms: frozenset[Span]


def find(text: str, language: str) -> Finding:
    """The highest level that any rule reaches, with the matched words and rule ids."""
    first = tables.short(language)
    order = (first, *(one for one in tables.LANGUAGES if one != first))
    readings = [_read(half) for half in _halves(text)]
    hits = [
        hit for one in order for read in readings for hit in _hits(read[one], book(one))
    ]
    hits.sort(key=lambda hit: -_RANK[hit.level])
    return Finding(
        level=hits[0].level if hits else "none",
        words=tuple(dict.fromkeys(hit.words for hit in hits)),
        rule_ids=tuple(dict.fromkeys(hit.rule_id for hit in hits)),
        version="+".join(f"{one}-{book(one).version}" for one in order),
    )


def watch(text: str, language: str) -> Finding:
    """What `find` finds; where that is nothing, a concern if it reads like a worry.

    The examples only ever add a concern, and say that it was they: `by_example`.
    """
    found = find(text, language)
    if found.level != "none":
        return found
    try:
        near = _near(text)
    except Exception:
        # A turn has to go on by rules alone, as where the package is missing.
        log.exception("safety: the examples could not be asked; rules alone")
        near = None
    if near is None:
        return found
    return replace(
        found,
        level="concern",
        words=(near.words,),
        rule_ids=(f"near:{near.id}",),
        version=f"{found.version}+bank-{neighbours.bank().version}",
        by_example=True,
    )


def _near(text: str) -> neighbours.Near | None:
    """The nearest worrying example, idioms left out: they lie near without meaning it."""
    for half in _halves(text):
        bare = list(half)
        for start, end in _read(half)["en"].idioms:
            bare[start:end] = " " * (end - start)
        found = neighbours.nearest(half, plain_text="".join(bare))
        if found is not None:
            return found
    return None


def _halves(text: str) -> tuple[str, ...]:
    if len(text) <= LONGEST:
        return (text,)
    return (text[: LONGEST // 2], text[-LONGEST // 2 :])


@lru_cache(maxsize=8)
def _read(text: str) -> Mapping[str, _Reading]:
    """The text as each language reads it; what is an idiom in one is one in all."""
    folded = {
        one: crisis_words.fold(text, book(one).lexicon) for one in tables.LANGUAGES
    }
    idioms = frozenset(
        (start, end)
        for one, read in folded.items()
        for at, start, end in read.places
        if _without_harmless(one, read.text)[at] == "~"
    )
    return {
        one: _Reading(read, _blanked(read, idioms), idioms)
        for one, read in folded.items()
    }


@lru_cache(maxsize=8)
def _without_harmless(language: str, text: str) -> str:
    """Blank out what only sounds like danger, at equal length."""
    for idiom in book(language).harmless:
        text = idiom.sub(lambda found: "~" * len(found.group()), text)
    return text


def _blanked(folded: words.Folded, idioms: frozenset[Span]) -> str:
    text = list(folded.text)
    for at, start, end in folded.places:
        if (start, end) in idioms:
            stop = folded.text.find(" ", at)
            stop = len(text) if stop < 0 else stop
            text[at:stop] = "~" * (stop - at)
    return "".join(text)


def _hits(read: _Reading, known: Book) -> list[_Hit]:
    sentences = _sentences(read.clear)
    return [
        _Hit(
            rule.id,
            weighed(rule.level, read.clear, span, known.weights),
            read.folded.raw_words(*span),
        )
        for rule in known.rules
        for span in chain(
            _matched(rule, read.clear), _framed(rule, read.clear, sentences)
        )
    ]


def _sentences(text: str) -> list[Span]:
    """Where each sentence begins and ends."""
    return [found.span() for found in re.finditer(r"[^|]+", text)]


def _matched(rule: Rule, text: str) -> Iterator[Span]:
    for pattern in rule.patterns:
        yield from (one.span() for one in pattern.finditer(text) if one.group())


def _framed(rule: Rule, text: str, sentences: list[Span]) -> Iterator[Span]:
    """From the first to the last of what a frame needs, where a sentence has it all."""
    if not rule.frames:
        return
    for start, end in sentences:
        if any(pattern.search(text, start, end) for pattern in rule.unless):
            continue
        for frame in rule.frames:
            found = [pattern.search(text, start, end) for pattern in frame]
            spans = [one.span() for one in found if one is not None]
            if len(spans) == len(frame):
                yield min(spans)[0], max(last for _first, last in spans)
