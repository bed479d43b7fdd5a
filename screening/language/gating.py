"""A text in front of the gate for every question that it would stand beneath.

A wording belongs to a concept, and several instruments may ask about one concept in
one language; it passes only if it passes for each of them.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from screening import definitions
from screening.domain.instruments import Instrument, Item
from screening.language import gate, tables
from screening.language.wording import HelpText, signable

Question = tuple[Item, Instrument]
UNKNOWN = ("never_worded", "no question")
LONG_FORMS = ("phq-9", "gad-7")
STAMPS = tables.DATA / "gated.json"


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


def again(
    text: str,
    concept: str,
    language: str,
    *,
    explains: bool,
    stamped: str,
    said: Sequence[Sequence[str]],
) -> Judged:
    """What the checks of today say of a text that was stamped once.

    While the stamp is current that is what they `said` then; once a question or the
    gate has changed, the text is gated again.
    """
    stamp = _stamp(text, questions(concept, language), explains=explains)
    if stamped == stamp:
        return Judged(not said, tuple((check, span) for check, span in said), stamp)
    return _judged(text, concept, language, explains=explains)


@lru_cache(maxsize=4096)
def _judged(text: str, concept: str, language: str, *, explains: bool) -> Judged:
    asked = questions(concept, language)
    if not asked:
        return Judged(passed=False, verdicts=(UNKNOWN,), stamp="")
    stamp = _stamp(text, asked, explains=explains)
    if stamp in _passed():
        return Judged(passed=True, verdicts=(), stamp=stamp)
    verdicts = _verdicts(text, asked, explains=explains)
    return Judged(not verdicts, verdicts, stamp)


def _verdicts(
    text: str, asked: Sequence[Question], *, explains: bool
) -> tuple[tuple[str, str], ...]:
    check = gate.check_explanation if explains else gate.check_paraphrase
    failures = (
        (failure.check, failure.span)
        for item, instrument in asked
        for failure in check(text, item, instrument).failures
    )
    return tuple(dict.fromkeys(failures))


def _stamp(text: str, asked: Sequence[Question], *, explains: bool) -> str:
    """Names the text, the questions and the checks: if one changes, so does it."""
    parts = ["explanation" if explains else "paraphrase"]
    parts += [gate.stamp(text, item, instrument) for item, instrument in asked]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@lru_cache(maxsize=1)
def _passed() -> frozenset[str]:
    """The stamps of shipped texts that passed before they were shipped.

    Gating all of them takes seconds, and no page has those. A stamp that is no longer
    current is in no way believed: that text is gated again, when it is asked for.
    """
    return frozenset(tables.read(STAMPS)["passed"].values())


def stamps() -> dict[str, str]:
    """The stamp of every shipped text, by its key, as it is now."""
    return {
        text.key: _stamp(
            text.text,
            questions(text.concept, language),
            explains=text.level is None,
        )
        for language in tables.LANGUAGES
        for text in signable(language)
    }


def stale() -> list[str]:
    """The shipped texts that the file of stamps does not vouch for."""
    passed = _passed()
    return sorted(key for key, stamp in stamps().items() if stamp not in passed)


def write_stamps() -> list[str]:
    """Gate every shipped text anew and keep the stamps of what passed.

    Returns the keys of those that did not.
    """
    made, failed = stamps(), []
    for language in tables.LANGUAGES:
        for text in signable(language):
            asked = questions(text.concept, language)
            if _verdicts(text.text, asked, explains=text.level is None):
                failed.append(text.key)
    content = {
        "version": "1",
        "source": "Made by `python -m tools.gated`: which shipped texts passed the gate",
        "reviewed": None,
        "review_state": "made by program; the gate and the texts have states of their own",
        "passed": {key: made[key] for key in sorted(made.keys() - set(failed))},
    }
    written = json.dumps(content, indent=2, ensure_ascii=False)
    STAMPS.write_text(f"{written}\n", encoding="utf-8")
    _passed.cache_clear()
    _judged.cache_clear()
    return failed
