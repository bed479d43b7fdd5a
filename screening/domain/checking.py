"""What makes an instrument unsafe to score, found before anyone is asked."""

from collections import Counter
from collections.abc import Iterable, Iterator

from screening.domain.conditions import ConditionUnclear, parse_condition
from screening.domain.questionnaire import LOINC, Cut, Instrument, Item
from screening.domain.reading import DefinitionError

METHODS = ("sum", "triage")
Fault = tuple[str, str]  # place, reason


def check_instrument(instrument: Instrument, file: str) -> None:
    """Raise the first fault as a DefinitionError; a good instrument passes silently."""
    for check in (
        _item_faults,
        _option_faults,
        _condition_faults,
        _method_faults,
        _band_faults,
        _cut_faults,
        _subscale_faults,
        _missing_faults,
        _algorithm_faults,
        _counting_faults,
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
            for value in _twice(values):
                yield place, f"duplicate {what} {value}"
        if any(o.code and not o.code_system for o in item.options):
            yield place, "codes need a code_system"


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


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


def _band_faults(instrument: Instrument) -> Iterator[Fault]:
    if not instrument.bands:
        return
    expected = instrument.minimum
    for index, band in enumerate(instrument.bands):
        place = f"bands[{index}]"
        if band.min > expected:
            yield place, f"gap: {expected} to {band.min - 1} has no band"
        if band.min < expected:
            yield place, f"overlap: {band.min} is already below {expected}"
        if band.max < band.min:
            yield place, "ends before it begins"
        expected = band.max + 1
    if expected != instrument.maximum + 1:
        yield "bands", f"end at {expected - 1}, the range at {instrument.maximum}"
    for label in _twice(band.label for band in instrument.bands):
        yield "bands", f"duplicate label {label}"


def _cut_faults(instrument: Instrument) -> Iterator[Fault]:
    span = (instrument.minimum, instrument.maximum)
    if instrument.cut is not None:
        yield from _cut_fault(instrument.cut, "cut", span)
    for index, cut in enumerate(instrument.alternate_cuts):
        yield from _cut_fault(cut, f"alternate_cuts[{index}]", span)


def _cut_fault(cut: Cut, place: str, span: tuple[int, int]) -> Iterator[Fault]:
    low, high = span
    # A cut at the lowest total would make everyone positive.
    if not low < cut.threshold <= high:
        yield place, f"threshold {cut.threshold} is outside {low + 1} to {high}"


def _subscale_faults(instrument: Instrument) -> Iterator[Fault]:
    scored = {item.link_id: item for item in instrument.scored_items}
    for subscale in instrument.subscales:
        place = f"subscales {subscale.id}"
        for link_id in subscale.items:
            if link_id not in scored:
                yield place, f"no scored item {link_id}"
        # A check stops at its first fault, so all items are known from here on.
        values = [
            [option.value for option in scored[link_id].options]
            for link_id in subscale.items
        ]
        span = (sum(map(min, values)), sum(map(max, values)))
        yield from _cut_fault(subscale.cut, f"{place} cut", span)
    for name in _twice(subscale.id for subscale in instrument.subscales):
        yield "subscales", f"duplicate id {name}"


def _missing_faults(instrument: Instrument) -> Iterator[Fault]:
    rule = instrument.missing
    scored = [item.link_id for item in instrument.scored_items]
    for link_id in rule.never_impute:
        if link_id not in scored:
            yield "missing.never_impute", f"no scored item {link_id}"
    if not 0 <= rule.max_prorated <= len(scored) // 2:
        yield "missing.max_prorated", "must lie between 0 and half of the items"
    if not 0 <= rule.decimals <= 2:
        yield "missing.decimals", "must be 0, 1 or 2"
    for item in instrument.scored_items:
        kept = item.link_id in rule.never_impute
        if item.safety and rule.max_prorated and not kept:
            yield "missing.never_impute", f"must name safety item {item.link_id}"


def _algorithm_faults(instrument: Instrument) -> Iterator[Fault]:
    algorithm = instrument.algorithm
    if algorithm is None:
        return
    scored = {item.link_id: item for item in instrument.scored_items}
    for symptom in algorithm.symptoms:
        item = scored.get(symptom.link_id)
        if item is None:
            yield "algorithm.symptoms", f"no scored item {symptom.link_id}"
        elif symptom.at_least not in [option.value for option in item.options]:
            yield "algorithm.symptoms", f"no option {symptom.at_least}"


def _counting_faults(instrument: Instrument) -> Iterator[Fault]:
    algorithm = instrument.algorithm
    if algorithm is None:
        return
    symptoms = [symptom.link_id for symptom in algorithm.symptoms]
    for link_id in _twice(symptoms):
        yield "algorithm.symptoms", f"duplicate item {link_id}"
    for link_id in algorithm.gateway:
        if link_id not in symptoms:
            yield "algorithm.gateway", f"no symptom {link_id}"
    levels = [finding.at_least for finding in algorithm.findings]
    if not levels or levels != sorted(set(levels), reverse=True):
        yield "algorithm.findings", "must stand highest count first, each once"


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
    for code in _twice(item.code for item in instrument.items if item.code):
        yield "items", f"duplicate code {code}"
