"""A text in front of the gate for every question that it would stand beneath.

A wording belongs to a concept, and several instruments may ask about one concept in
one language; it passes only if it passes for each of them.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from screening import definitions
from screening.domain.instruments import Instrument, Item
from screening.language import gate, tables
from screening.language.wording import HelpText

Question = tuple[Item, Instrument]
UNKNOWN = ("never_worded", "no question")
LONG_FORMS = ("phq-9", "gad-7")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks say of a text today, and which checks they were."""

    passed: bool
    verdicts: tuple[tuple[str, str], ...]
    stamp: str


@lru_cache(maxsize=4)
def all_questions(language: str) -> tuple[Question, ...]:
    """Every shipped question that may be put in other words; the long forms first."""
    short = tables.short(language)
    instruments = [
        one
        for one in definitions.load_all().values()
        if tables.short(one.language) == short
    ]
    instruments.sort(key=lambda one: (one.id not in LONG_FORMS, one.id))
    return tuple(
        (item, instrument)
        for instrument in instruments
        for item in instrument.items
        if item.wordable and not item.safety
    )


@lru_cache(maxsize=256)
def questions(concept: str, language: str) -> tuple[Question, ...]:
    """Every question that asks about a concept."""
    return tuple(one for one in all_questions(language) if one[0].concept == concept)


def paraphrase(text: str, concept: str, language: str) -> Judged:
    """Whether a text asks the same question in other words, wherever it is asked."""
    return _judged(text, concept, tables.short(language), explains=False)


def explanation(text: str, concept: str, language: str) -> Judged:
    """Whether a text explains how to read the question, and does nothing else."""
    return _judged(text, concept, tables.short(language), explains=True)


def shipped(text: HelpText) -> Judged:
    """What the checks say of a shipped text."""
    check = paraphrase if text.level else explanation
    return check(text.text, text.concept, text.language)


@lru_cache(maxsize=4096)
def _judged(text: str, concept: str, language: str, *, explains: bool) -> Judged:
    check = gate.check_explanation if explains else gate.check_paraphrase
    asked = questions(concept, language)
    verdicts = _verdicts(text, asked, check) if asked else (UNKNOWN,)
    return Judged(not verdicts, verdicts, _stamp(text, asked))


def _verdicts(
    text: str,
    asked: Sequence[Question],
    check: Callable[[str, Item, Instrument], gate.Verdict],
) -> tuple[tuple[str, str], ...]:
    failures = (
        (failure.check, failure.span)
        for item, instrument in asked
        for failure in check(text, item, instrument).failures
    )
    return tuple(dict.fromkeys(failures))


def _stamp(text: str, asked: Sequence[Question]) -> str:
    """Names the text, the questions and the checks: if one changes, so does it."""
    parts = [text]
    for _, instrument in asked:
        version = str(tables.table("gate", instrument.language)["version"])
        parts += [instrument.id, instrument.checksum, version]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
