"""Every check that a text must pass before anyone sees it beneath an official item.

A wrong refusal costs nothing, since the official text is there: when in doubt, fail.
An item that may never be worded fails whatever the text says.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from screening.domain.instruments import Instrument, Item
from screening.language import (
    gate_checks,
    gate_explains,
    gate_meaning,
    gate_nearness,
    tables,
)
from screening.language.gate_case import Case, Failure

__all__ = [
    "Failure",
    "Verdict",
    "check_explanation",
    "check_paraphrase",
    "is_current",
    "kind_of",
    "stamp",
]

Check = Callable[[Case], Iterable[Failure]]
Kind = Literal["paraphrase", "explanation"]
# Raised when the checks themselves change, so that what they passed is read again.
CODE = "4"
# Longer than any wording may be: refused unread, since reading takes time.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text passed; if not, each check that failed with the words at fault."""

    passed: bool
    failures: tuple[Failure, ...]

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks that failed."""
        return tuple(dict.fromkeys(failure.check for failure in self.failures))


EXPLANATION: tuple[Check, ...] = (
    gate_checks.length("explanation"),
    gate_checks.markup,
    gate_checks.language,
    gate_explains.topic,
    gate_explains.both_halves,
    gate_explains.polarity,
    gate_explains.other_items,
    gate_explains.other_period,
    gate_checks.forbidden,
    gate_checks.options,
    gate_explains.asks_nothing,
    gate_explains.narrows,
    gate_explains.every_sentence_explains,
    gate_explains.closed_book,
    gate_checks.reading_grade,
)
PARAPHRASE: tuple[Check, ...] = (
    gate_checks.length("paraphrase"),
    gate_checks.markup,
    gate_checks.language,
    gate_meaning.construct,
    gate_meaning.polarity,
    gate_meaning.other_items,
    gate_meaning.recall_window,
    gate_meaning.other_period,
    gate_meaning.response_scale,
    gate_meaning.one_question,
    gate_meaning.second_person,
    gate_meaning.nothing_added,
    gate_checks.forbidden,
    gate_checks.options,
    gate_checks.reading_grade,
)


def check_explanation(text: str, item: Item, instrument: Instrument) -> Verdict:
    """Whether a text explains how to read an item and does nothing else."""
    return _verdict(text, item, instrument, EXPLANATION)


def check_paraphrase(text: str, item: Item, instrument: Instrument) -> Verdict:
    """Whether a text asks the same question in other words."""
    official = {item.text, f"{instrument.instruction} {item.text}"}
    return _verdict(text, item, instrument, () if text in official else PARAPHRASE)


def kind_of(text: str, language: str) -> Kind:
    """What a text that nobody named is: an explanation speaks of the question."""
    short = tables.short(language)
    speaks = gate_checks.speaks_of_the_question(text, short)
    return "explanation" if speaks and "?" not in text else "paraphrase"


def _verdict(
    text: str, item: Item, instrument: Instrument, checks: tuple[Check, ...]
) -> Verdict:
    if item.safety or not item.wordable:
        return Verdict(passed=False, failures=(Failure("never_worded", item.link_id),))
    if len(text) > LONGEST:
        failure = Failure("length", f"{len(text)} characters")
        return Verdict(passed=False, failures=(failure,))
    case = Case(text, item, instrument, tables.short(instrument.language))
    failures = tuple(gate_checks.never_worded(case)) or tuple(
        failure for check in checks for failure in check(case)
    )
    if checks is PARAPHRASE and not failures:
        # Asked last and only of what the rules let through: it may reject, no more.
        failures = tuple(gate_nearness.own_question(case))
    return Verdict(passed=not failures, failures=failures)


def stamp(text: str, item: Item, instrument: Instrument) -> str:
    """What a text, its item and the gate were when it passed.

    Kept beside a stored wording: once a letter of the text, the official item or the
    gate's own tables has changed, the stamp is no longer current.
    """
    parts = (
        text,
        item.link_id,
        item.text,
        instrument.id,
        instrument.version,
        instrument.language,
        instrument.checksum,
        CODE,
        _tables(tables.short(instrument.language)),
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def is_current(stamped: str, text: str, item: Item, instrument: Instrument) -> bool:
    """Whether this very text passed this very gate; if not, it is gated again."""
    return hmac.compare_digest(stamped.encode(), stamp(text, item, instrument).encode())


@lru_cache(maxsize=4)
def _tables(language: str) -> str:
    """The tables by their content: a version that nobody raised cannot mislead."""
    content = json.dumps(tables.table("gate", language), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
