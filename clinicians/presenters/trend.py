"""A patient's course: one chart an instrument, the same in a table, and what changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from clinicians.definitions import trend_policy
from clinicians.workflow import trend
from core.models import Clinic, Patient
from screening.domain.change import compare
from screening.domain.instruments import Instrument
from screening.models import Answer, Score

RELIABLE = {
    "improvement": "Reliable improvement",
    "worsening": "Reliable worsening",
    "none": "No reliable change",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One total, drawn and told: `state` says in words what its shape says."""

    dot: trend.Dot
    whole: bool
    day: str
    iso: str
    total: str
    band: str
    state: str
    item_9: str


@dataclass(frozen=True, slots=True)
class Line:
    """Between two totals that may be compared."""

    start: trend.Dot
    end: trend.Dot


@dataclass(frozen=True, slots=True)
class BandStrip:
    """A band on the chart, with its name and range in text."""

    place: trend.Strip
    label: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The cut point, with where it comes from."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """An answer in the table of items."""

    text: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item over time."""

    text: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Course:
    """All of it for one instrument."""

    id: str
    title: str
    maximum: int
    foot: float
    marks: Sequence[Mark]
    lines: Sequence[Line]
    bands: Sequence[BandStrip]
    cut: Cut | None
    changes: Sequence[str]
    items: Sequence[ItemLine]
    summary: str


Given = Mapping[object, Mapping[str, Answer]]


def courses(patient: Patient, clinic: Clinic) -> list[Course]:
    """Read every scored instrument of a patient: two queries, whatever there is."""
    found = Score.objects.filter(patient=patient, clinic=clinic, total__isnull=False)
    found = found.select_related("administration__definition").order_by("at", "pk")
    by_instrument: dict[str, list[Score]] = defaultdict(list)
    for score in found:
        by_instrument[score.instrument_id].append(score)
    newest = trend_policy().newest
    kept = {name: scores[-newest:] for name, scores in by_instrument.items()}
    given = _answers([score for scores in kept.values() for score in scores])
    return [_course(scores, given, clinic.zone) for _, scores in sorted(kept.items())]


def _answers(scores: Sequence[Score]) -> Given:
    """The answers that count, by administration and item."""
    rows = Answer.objects.filter(administration__in=[s.pk for s in scores])
    found: dict[object, dict[str, Answer]] = defaultdict(dict)
    for row in rows.order_by("seq"):
        found[row.administration_id][row.link_id] = row
    return found


def _course(scores: Sequence[Score], given: Given, zone: ZoneInfo) -> Course:
    instrument = scores[-1].administration.instrument
    readings = [_reading(score) for score in scores]
    dots = trend.dots(readings, maximum=instrument.maximum)
    gap = timedelta(days=trend_policy().max_gap_days)
    pairs = zip(readings, readings[1:], dots, dots[1:], strict=False)
    return Course(
        id=instrument.id,
        title=instrument.title,
        maximum=instrument.maximum,
        foot=trend.height_of(0, instrument.maximum),
        marks=[
            _mark(score, dot, given[score.pk], zone)
            for score, dot in zip(scores, dots, strict=True)
        ],
        lines=[
            Line(a, b)
            for one, two, a, b in pairs
            if trend.joined(one, two, max_gap=gap)
        ],
        bands=_bands(instrument),
        cut=_cut(instrument),
        changes=_changes(instrument, scores),
        items=_items(instrument, scores, given),
        summary=_summary(instrument, scores, zone),
    )


def _reading(score: Score) -> trend.Reading:
    return trend.Reading(
        at=score.at,
        total=float(score.total or 0),
        form=f"{score.administration.definition.version}",
        whole=score.complete and not score.prorated,
    )


def _mark(
    score: Score, dot: trend.Dot, answers: Mapping[str, Answer], zone: ZoneInfo
) -> Mark:
    local = score.at.astimezone(zone)
    whole = score.complete and not score.prorated
    state = "Every item answered" if whole else "Some items missing, estimated"
    if score.version > 1:
        state = f"{state}; amended"
    return Mark(
        dot=dot,
        whole=whole,
        day=f"{local.day} {local:%b %Y}",
        iso=local.date().isoformat(),
        total=plain(score.total),
        band=score.band,
        state=state,
        item_9=_item_9(score.administration.instrument, answers),
    )


def _item_9(instrument: Instrument, answers: Mapping[str, Answer]) -> str:
    """What was answered to an item on self-harm, above zero or declined; else empty."""
    for item in instrument.items:
        answer = answers.get(item.link_id)
        if item.safety and answer is not None and answer.declined:
            return "Declined"
        if item.safety and answer is not None and answer.value:
            return item.option(answer.value).text
    return ""


def plain(total: Decimal | None) -> str:
    """`9`, or `9.5` where it was estimated."""
    return "" if total is None else f"{total:f}".rstrip("0").rstrip(".") or "0"


def _bands(instrument: Instrument) -> list[BandStrip]:
    return [
        BandStrip(
            trend.strip(band.min, band.max, maximum=instrument.maximum),
            f"{band.min}–{band.max} {band.label}",
        )
        for band in instrument.bands
    ]


def _cut(instrument: Instrument) -> Cut | None:
    cut = instrument.cut
    if cut is None:
        return None
    text = f"Cut point {cut.threshold} ({cut.source})"
    return Cut(trend.height_of(cut.threshold, instrument.maximum), text)


def _changes(instrument: Instrument, scores: Sequence[Score]) -> list[str]:
    """What the newest whole total means beside the last one and the first one.

    Only between totals of the same text with every item answered.
    """
    version = scores[-1].administration.definition.version
    whole = [
        score
        for score in scores
        if score.complete
        and not score.prorated
        and score.administration.definition.version == version
    ]
    if instrument.change is None or len(whole) < 2 or whole[-1] is not scores[-1]:
        return []
    beside = {"the one before": whole[-2]}
    if len(whole) > 2:
        beside["the first one shown"] = whole[0]
    return [_sentence(instrument, words, s, whole[-1]) for words, s in beside.items()]


def _sentence(instrument: Instrument, words: str, earlier: Score, later: Score) -> str:
    assert instrument.change is not None  # noqa: S101 - _changes asked
    change = compare(instrument.change, int(earlier.total or 0), int(later.total or 0))
    said = [f"{RELIABLE[change.reliable]} ({change.source})"]
    rule = instrument.change
    if change.response and rule.response_percent:
        said.append(f"response ({rule.response_percent.source})")
    if change.remission and rule.remission_below:
        said.append(f"remission ({rule.remission_below.source})")
    step = f"{plain(earlier.total)} to {plain(later.total)}"
    return f"Against {words}, {step}: {'; '.join(said)}."


def _items(
    instrument: Instrument, scores: Sequence[Score], given: Given
) -> list[ItemLine]:
    return [
        ItemLine(
            item.text,
            [Cell(_said(given[score.pk].get(item.link_id))) for score in scores],
        )
        for item in instrument.scored_items
    ]


def _said(answer: Answer | None) -> str:
    if answer is None:
        return "Not asked"
    return "Declined" if answer.declined else str(answer.value)


def _summary(instrument: Instrument, scores: Sequence[Score], zone: ZoneInfo) -> str:
    """The chart in a sentence, for whoever does not see it."""
    first, last = scores[0], scores[-1]
    days = (f"{s.at.astimezone(zone):%d %b %Y}".lstrip("0") for s in (first, last))
    start, end = days
    name = instrument.short_name
    if len(scores) == 1:
        return f"{name}: one total, {plain(last.total)} on {end}."
    totals = f"from {plain(first.total)} on {start} to {plain(last.total)} on {end}"
    return f"{name}: {len(scores)} totals, {totals}. The table below has each."
