"""What makes bands, cuts, subscales, missing rules and algorithms unsafe."""

from collections import Counter
from collections.abc import Iterable, Iterator

from screening.domain.measures import Cut
from screening.domain.questionnaire import Instrument

Fault = tuple[str, str]  # place, reason


def score_faults(instrument: Instrument) -> Iterator[Fault]:
    """All faults of what is counted and compared."""
    yield from _band_faults(instrument)
    yield from _cut_faults(instrument)
    yield from _subscale_faults(instrument)
    yield from _missing_faults(instrument)
    yield from _algorithm_faults(instrument)
    yield from _counting_faults(instrument)


def twice(values: Iterable[str]) -> list[str]:
    """The values that are there more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


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
    for label in twice(band.label for band in instrument.bands):
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
    for name in twice(subscale.id for subscale in instrument.subscales):
        yield "subscales", f"duplicate id {name}"


def _missing_faults(instrument: Instrument) -> Iterator[Fault]:
    rule = instrument.missing
    scored = [item.link_id for item in instrument.scored_items]
    for link_id in rule.never_impute:
        if link_id not in scored:
            yield "missing.never_impute", f"no scored item {link_id}"
    if not 0 <= 2 * rule.max_prorated <= len(scored):
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
    for link_id in twice(symptoms):
        yield "algorithm.symptoms", f"duplicate item {link_id}"
    for link_id in algorithm.gateway:
        if link_id not in symptoms:
            yield "algorithm.gateway", f"no symptom {link_id}"
    levels = [finding.at_least for finding in algorithm.findings]
    if not levels or levels != sorted(set(levels), reverse=True):
        yield "algorithm.findings", "must stand highest count first, each once"
