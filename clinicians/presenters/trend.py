"""A patient's course: one chart an instrument, the same in a table, and what changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from clinicians.definitions import trend_policy
from clinicians.presenters.change import changes
from clinicians.presenters.points import Point, answers_of, points, said
from clinicians.presenters.times import day_of
from clinicians.presenters.treatment import (
    EventLine,
    Noted,
    event_lines,
    on_chart,
    standing,
)
from clinicians.workflow import trend
from core.models import Clinic, Patient, same_person
from screening.domain.instruments import Instrument
from screening.models import Answer, Score


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
    head: float
    foot: float
    marks: Sequence[Point]
    lines: Sequence[Line]
    versions: Sequence[float]
    bands: Sequence[BandStrip]
    cut: Cut | None
    changes: Sequence[str]
    items: Sequence[ItemLine]
    asks_item_9: bool
    noted: Noted
    begins: str
    ends: str
    summary: str


Given = Mapping[object, Mapping[str, Answer]]


def courses(
    patient: Patient, clinic: Clinic, *, events: Sequence[EventLine] | None = None
) -> list[Course]:
    """Read every scored instrument of a patient: three queries, whatever there is."""
    if events is None:
        events = event_lines(patient, clinic.zone)
    newest = trend_policy().newest
    kept = {
        name: scores[-newest:]
        for name, scores in scores_by_instrument(patient, clinic).items()
    }
    given = answers_of([score for scores in kept.values() for score in scores])
    return [
        _course(scores, given, standing(events), clinic.zone)
        for _, scores in sorted(kept.items())
    ]


def scores_by_instrument(patient: Patient, clinic: Clinic) -> dict[str, list[Score]]:
    """A patient's scores, oldest first, of the instruments that have had a total.

    A submit without a total is among them: a gap that is shown is no gap in care.
    """
    records = same_person(patient.id).values("id")
    found = Score.objects.filter(
        patient__in=records,
        clinic=clinic,
        administration__screening__retracted_at=None,
    )
    found = found.select_related("administration__definition")
    found = found.select_related("administration__screening").order_by("at", "pk")
    by_instrument: dict[str, list[Score]] = defaultdict(list)
    for score in found:
        by_instrument[score.instrument_id].append(score)
    return {
        name: scores
        for name, scores in by_instrument.items()
        if any(score.total is not None for score in scores)
    }


def _course(
    scores: Sequence[Score], given: Given, events: Sequence[EventLine], zone: ZoneInfo
) -> Course:
    instrument = scores[-1].administration.instrument
    gap = timedelta(days=trend_policy().max_gap_days)
    along = trend.axis(
        [score.at for score in scores], [one.at for one in events], reach=gap
    )
    marks = points(scores, given, along, zone)
    pairs = list(zip(marks, marks[1:], strict=False))
    return Course(
        id=instrument.id,
        title=instrument.title,
        maximum=instrument.maximum,
        head=trend.TOP,
        foot=trend.height_of(0, instrument.maximum),
        marks=marks,
        lines=[
            Line(a.dot, b.dot)
            for a, b in pairs
            if trend.joined(a.reading, b.reading, max_gap=gap)
        ],
        versions=[
            round((a.dot.x + b.dot.x) / 2, 2)
            for a, b in pairs
            if a.reading.form != b.reading.form
        ],
        bands=_bands(instrument),
        cut=_cut(instrument),
        changes=changes(instrument, scores),
        items=_items(instrument, scores, given),
        asks_item_9=any(item.safety for item in instrument.items),
        noted=on_chart(events, along),
        begins=day_of(along.start, zone),
        ends=day_of(along.end, zone) if along.end > along.start else "",
        summary=_summary(instrument, marks),
    )


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


def _items(
    instrument: Instrument, scores: Sequence[Score], given: Given
) -> list[ItemLine]:
    return [
        ItemLine(
            item.text,
            [Cell(said(given[score.pk].get(item.link_id))) for score in scores],
        )
        for item in instrument.scored_items
    ]


def _summary(instrument: Instrument, marks: Sequence[Point]) -> str:
    """The chart in a sentence, for whoever does not see it."""
    name = instrument.short_name
    totals = [mark for mark in marks if mark.total]
    without = len(marks) - len(totals)
    if not totals:
        return f"{name}: {without} submits without a total."
    rest = f" {without} without a total." if without else ""
    first, last = totals[0], totals[-1]
    if len(totals) == 1:
        return f"{name}: one total, {last.total} on {last.day}.{rest}"
    span = f"from {first.total} on {first.day} to {last.total} on {last.day}"
    return f"{name}: {len(totals)} totals, {span}. The table below has each.{rest}"
