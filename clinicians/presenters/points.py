"""One submit on a patient's course: its place, and in words what its shape says."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinicians.presenters.change import plain
from clinicians.presenters.origins import entered
from clinicians.presenters.people import LANGUAGES
from clinicians.presenters.times import day
from clinicians.workflow import trend
from screening.domain.instruments import Instrument
from screening.models import Answer, Score, Screening

Given = Mapping[object, Mapping[str, Answer]]


@dataclass(frozen=True, slots=True)
class Point:
    """One submit, drawn and told. `drawn`: whole, part (estimated), or none (no total).

    `by_patient`: answered by the patient on a page, not entered or imported.
    """

    dot: trend.Dot
    reading: trend.Reading
    drawn: str
    by_patient: bool
    day: str
    iso: str
    total: str
    band: str
    state: str
    item_9: str


def answers_of(scores: Sequence[Score]) -> Given:
    """The answers that count, by administration and item: one query."""
    rows = Answer.objects.filter(administration__in=[s.pk for s in scores])
    found: dict[object, dict[str, Answer]] = defaultdict(dict)
    for row in rows.order_by("seq"):
        found[row.administration_id][row.link_id] = row
    return found


def points(
    scores: Sequence[Score], given: Given, along: trend.Axis, zone: ZoneInfo
) -> list[Point]:
    """A point for each score, in their order."""
    readings = [_reading(score) for score in scores]
    maximum = scores[-1].administration.instrument.maximum
    dots = trend.dots(readings, maximum=maximum, along=along)
    before = [None, *scores[:-1]]
    return [
        _point(score, earlier, dot, reading, given[score.pk], zone)
        for score, earlier, dot, reading in zip(
            scores, before, dots, readings, strict=True
        )
    ]


def _reading(score: Score) -> trend.Reading:
    return trend.Reading(
        at=score.at,
        total=float(score.total or 0),
        form=f"{score.administration.definition.version}",
        whole=is_whole(score),
    )


def is_whole(score: Score) -> bool:
    """Whether every item stands behind the total."""
    return score.complete and not score.prorated and score.total is not None


def _point(
    score: Score,
    earlier: Score | None,
    dot: trend.Dot,
    reading: trend.Reading,
    answers: Mapping[str, Answer],
    zone: ZoneInfo,
) -> Point:
    local = score.at.astimezone(zone)
    part = "none" if score.total is None else "part"
    return Point(
        dot=dot,
        reading=reading,
        drawn="whole" if is_whole(score) else part,
        by_patient=score.administration.screening.origin == Screening.Origin.INVITATION,
        day=day(local),
        iso=local.date().isoformat(),
        total=plain(score.total),
        band=score.band,
        state="; ".join(_states(score, earlier)),
        item_9=item_9(score.administration.instrument, answers),
    )


def _states(score: Score, earlier: Score | None) -> list[str]:
    """How whole it is, how it came in, and what makes it hard to compare."""
    missing = len(score.detail.get("missing", ()))
    states = ["Every item answered"]
    if score.total is None:
        states = [f"{missing} items missing, no total" if missing else "No total"]
    elif not is_whole(score):
        states = ["Some items missing, estimated"]
    if score.version > 1:
        states.append("amended")
    if how := entered(score.administration.screening):
        states.append(how)
    return states + _other_text(score, earlier)


def _other_text(score: Score, earlier: Score | None) -> list[str]:
    if earlier is None:
        return []
    now, then = score.administration.definition, earlier.administration.definition
    states = []
    if now.version != then.version:
        states.append(f"another version of the text ({now.version})")
    if now.language != then.language:
        states.append(f"in {LANGUAGES.get(now.language, now.language)}")
    return states


def item_9(instrument: Instrument, answers: Mapping[str, Answer]) -> str:
    """What was answered to an item on self-harm, above zero or declined; else empty."""
    for item in instrument.items:
        answer = answers.get(item.link_id)
        if item.safety and answer is not None and answer.declined:
            return "Declined"
        if item.safety and answer is not None and answer.value:
            return item.option(answer.value).text
    return ""


def said(answer: Answer | None) -> str:
    """The value of an answer, or why there is none."""
    if answer is None:
        return "Not asked"
    return "Declined" if answer.declined else str(answer.value)
