"""Every check that a text must pass before anyone sees it beneath an official item.

A wrong refusal costs nothing, since the official text is there: when in doubt, fail.
An item that may never be worded fails whatever the text says.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from screening.domain.instruments import Instrument, Item
from screening.language import gate_checks, gate_explains, gate_meaning, tables
from screening.language.gate_case import Case, Failure

__all__ = ["Failure", "Verdict", "check_explanation", "check_paraphrase"]

Check = Callable[[Case], Iterable[Failure]]


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
    gate_explains.polarity,
    gate_meaning.other_items,
    gate_explains.other_period,
    gate_checks.forbidden,
    gate_checks.options,
    gate_explains.asks_nothing,
    gate_explains.narrows,
    gate_explains.every_sentence_explains,
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
    return _verdict(text, item, instrument, PARAPHRASE)


def _verdict(
    text: str, item: Item, instrument: Instrument, checks: tuple[Check, ...]
) -> Verdict:
    if item.safety or not item.wordable:
        return Verdict(passed=False, failures=(Failure("never_worded", item.link_id),))
    case = Case(text, item, instrument, tables.short(instrument.language))
    failures = tuple(gate_checks.never_worded(case)) or tuple(
        failure for check in checks for failure in check(case)
    )
    return Verdict(passed=not failures, failures=failures)
