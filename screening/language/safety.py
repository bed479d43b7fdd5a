"""Crisis language in raw text, by versioned rules: a second net under item 9.

Every text is read with the rules of every language we have, since people mix them.
`urgent` interrupts with help; `concern` is a quiet sign for a person to read. A match
that is denied ("I would never ..."), said of somebody else, asked about or long past
never makes `urgent`, and is never nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from screening.language import crisis_words, neighbours, tables, words
from screening.language.crisis_book import Book, Level, Patterns, Rule, Weights, book

__all__ = ["Finding", "Level", "book", "find", "watch"]

LONGEST = 20_000  # beyond it the first and the last half are read
REACH = 140  # characters on either side that weigh a match
Span = tuple[int, int]
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


def find(text: str, language: str) -> Finding:
    """The highest level that any rule reaches, with the matched words and rule ids."""
    first = tables.short(language)
    order = (first, *(one for one in tables.LANGUAGES if one != first))
    halves = _halves(text)
    hits = [hit for one in order for half in halves for hit in _hits(half, book(one))]
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
    near = _near(text)
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
        for start, end in _idioms(half):
            bare[start:end] = " " * (end - start)
        found = neighbours.nearest(half, plain_text="".join(bare))
        if found is not None:
            return found
    return None


def _idioms(text: str) -> Iterator[Span]:
    """Where the raw text only sounds like danger, in any language."""
    for language in tables.LANGUAGES:
        known = book(language)
        folded = crisis_words.fold(text, known.lexicon)
        clear = _without_harmless(folded.text, known.harmless)
        for at, start, end in folded.places:
            if clear[at : at + 1] == "~":
                yield start, end


def _halves(text: str) -> tuple[str, ...]:
    if len(text) <= LONGEST:
        return (text,)
    return (text[: LONGEST // 2], text[-LONGEST // 2 :])


def _hits(text: str, known: Book) -> list[_Hit]:
    folded = crisis_words.fold(text, known.lexicon)
    clear = _without_harmless(folded.text, known.harmless)
    sentences = _sentences(clear)
    return [
        _Hit(
            rule.id,
            _weighed(rule.level, clear, span, known.weights),
            folded.raw_words(*span),
        )
        for rule in known.rules
        for span in chain(_matched(rule, clear), _framed(rule, clear, sentences))
    ]


def _sentences(text: str) -> list[Span]:
    """Where each sentence begins and ends."""
    return [found.span() for found in re.finditer(r"[^|]+", text)]


def _matched(rule: Rule, text: str) -> Iterator[Span]:
    for pattern in rule.patterns:
        yield from (one.span() for one in pattern.finditer(text) if one.group())


def _framed(rule: Rule, text: str, sentences: list[Span]) -> Iterator[Span]:
    """From the first to the last of what a frame needs, where a sentence has it all."""
    for frame in rule.frames:
        for start, end in sentences:
            found = [pattern.search(text, start, end) for pattern in frame]
            spans = [one.span() for one in found if one is not None]
            if len(spans) == len(frame):
                yield min(spans)[0], max(end for _start, end in spans)


def _without_harmless(text: str, idioms: Patterns) -> str:
    """Blank out what only sounds like danger, at equal length."""
    for idiom in idioms:
        text = idiom.sub(lambda found: "~" * len(found.group()), text)
    return text


def _weighed(level: Level, text: str, span: Span, weights: Weights) -> Level:
    """An urgent match that is denied, another's, asked about or past is a concern."""
    if level != "urgent":
        return level
    start, end = span
    before = text[max(0, start - REACH) : start]
    beyond = text[end : end + REACH]
    before = before.rsplit(words.BREAK, 1)[-1]
    after = beyond.split(words.BREAK, 1)[0]
    softened = (
        _denied(before, after, weights)
        or _of_another(before, weights)
        or any_of(weights.asking, before)
        or _past(f"{before} {text[start:end]} {after}", beyond, weights)
        or any_of(weights.joking, f"{before} {after}")
    )
    return "concern" if softened else level


def _denied(before: str, after: str, weights: Weights) -> bool:
    return any_of(weights.denied_before, before) and not (
        any_of(weights.not_denied_before, before)
        or any_of(weights.not_denied_after, after)
    )


def _of_another(before: str, weights: Weights) -> bool:
    """Whether somebody else is spoken of, and the writer no more after that."""
    since = 0
    for pattern in weights.resets:
        since = max([since, *(found.end() for found in pattern.finditer(before))])
    near = before[since:]
    ends = [
        found.end() for pattern in weights.others for found in pattern.finditer(near)
    ]
    return bool(ends) and not any_of(weights.self_words, near[max(ends) :])


def _past(clause: str, beyond: str, weights: Weights) -> bool:
    """Whether it is long ago, by the clause itself or by what is said next of it."""
    past = any_of(weights.past, clause) or any_of(weights.past_next, beyond)
    return past and not any_of(weights.now, clause)


def any_of(patterns: Patterns, text: str) -> bool:
    """Whether one of the patterns stands in the text."""
    return any(pattern.search(text) for pattern in patterns)
