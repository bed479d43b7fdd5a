"""What makes an instrument unsafe to score, found before anyone is asked."""

from collections.abc import Iterator

from screening.domain.checking_scores import Fault, score_faults, twice
from screening.domain.conditions import ConditionUnclear, parse_condition
from screening.domain.questionnaire import LOINC, Instrument, Item
from screening.domain.reading import DefinitionError

METHODS = ("sum", "triage")


def check_instrument(instrument: Instrument, file: str) -> None:
    """Raise the first fault as a DefinitionError; a good instrument passes silently."""
    for check in (
        _item_faults,
        _option_faults,
        _condition_faults,
        _method_faults,
        score_faults,
        _triage_faults,
        _code_faults,
    ):
        for place, reason in check(instrument):
            raise DefinitionError(file, place, reason)


def _item_faults(instrument: Instrument) -> Iterator[Fault]:
    numbers = [item.number for item in instrument.items]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "items", "must be numbered 1, 2, 3 in their order"
    for item in instrument.items:
        if item.safety and item.wordable:
            yield f"items {item.link_id}", "a safety item is never reworded"
        if item.scored and item.enable_when:
            yield f"items {item.link_id}", "a scored item is always asked"


def _option_faults(instrument: Instrument) -> Iterator[Fault]:
    for item in instrument.items:
        place = f"options.{item.kind}"
        if len(item.options) < 2:
            yield place, "needs at least two options"
        codes = [o.code for o in item.options if o.code is not None]
        for what, values in (
            ("text", [o.text for o in item.options]),
            ("code", codes),
        ):
            for value in twice(values):
                yield place, f"duplicate {what} {value}"
        if any(o.code and not o.code_system for o in item.options):
            yield place, "codes need a code_system"


def _condition_faults(instrument: Instrument) -> Iterator[Fault]:
    seen: list[str] = []
    for item in instrument.items:
        if item.enable_when is not None:
            yield from _condition_fault(item, item.enable_when, seen)
        seen.append(item.link_id)


def _condition_fault(item: Item, text: str, seen: list[str]) -> Iterator[Fault]:
    place = f"items {item.link_id} enable_when"
    try:
        condition = parse_condition(text)
    except ConditionUnclear as unclear:
        yield place, str(unclear)
    else:
        for link_id in condition.items or ():
            if link_id not in seen:
                yield place, f"no item {link_id} before this one"


def _method_faults(instrument: Instrument) -> Iterator[Fault]:
    if instrument.method not in METHODS:
        yield "method", f"is not one of: {', '.join(METHODS)}"
    scores = bool(instrument.scored_items)
    if scores != (instrument.method == "sum"):
        yield "method", "sum needs scored items, triage has none"
    if (instrument.triage is not None) != (instrument.method == "triage"):
        yield "triage", "belongs to the method triage, and only to it"


def _triage_faults(instrument: Instrument) -> Iterator[Fault]:
    if instrument.triage is None:
        return
    known = [item.link_id for item in instrument.items]
    if not instrument.triage.gate:
        yield "triage.gate", "needs at least one item"
    for link_id in (*instrument.triage.gate, instrument.triage.acuity):
        if link_id not in known:
            yield "triage", f"no item {link_id}"


def _code_faults(instrument: Instrument) -> Iterator[Fault]:
    codes = [instrument.loinc_panel, instrument.total_code]
    codes += [item.code for item in instrument.items]
    systems = [o.code_system for item in instrument.items for o in item.options]
    coded = any(codes) or LOINC in systems
    if coded and not instrument.loinc_notice:
        yield "loinc_notice", "is needed where LOINC codes are distributed"
    for code in twice(item.code for item in instrument.items if item.code):
        yield "items", f"duplicate code {code}"
