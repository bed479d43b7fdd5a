"""A case at a glance: each score, what it means, what is missing, what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from clinicians.presenters.change import comparable, plain, step
from clinicians.presenters.results import AdministrationView, ScreeningView
from clinicians.presenters.trend import scores_by_instrument
from core.models import Clinic, Patient
from screening.models import Score


@dataclass(frozen=True, slots=True)
class Line:
    """One questionnaire of the newest sitting, in a few words."""

    title: str
    total: str
    band: str
    cut: str
    missing: str
    item_9: str
    since: str
    later: str
    cautions: Sequence[str]
    basis: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands at the top: the newest sitting that raised a flag."""

    sitting: str
    lines: Sequence[Line]


def glance(
    screenings: Sequence[ScreeningView], patient: Patient, clinic: Clinic
) -> Glance | None:
    """Present the newest sitting; one query more for the scores before it."""
    if not screenings:
        return None
    newest = screenings[0]
    beside = _beside(patient, clinic, newest)
    lines = [
        _line(part, *beside.get(part.id, ("", ""))) for part in newest.administrations
    ]
    return Glance(sitting=newest.title, lines=lines)


def _line(part: AdministrationView, since: str, later: str) -> Line:
    score = part.score
    total = "No total" if score.total is None else f"{score.total} of {score.of}"
    return Line(
        title=score.title,
        total=total,
        band=score.band,
        cut=score.cut,
        missing=score.note,
        item_9=part.item_9,
        since=since,
        later=later,
        cautions=part.cautions,
        basis=part.basis,
    )


def _beside(
    patient: Patient, clinic: Clinic, newest: ScreeningView
) -> dict[object, tuple[str, str]]:
    """What changed since the whole total before, and what came later, by part."""
    shown = {part.id for part in newest.administrations}
    return {
        score.pk: (
            _since(scores[: place + 1], clinic.zone),
            _later(scores[place + 1 :], clinic.zone),
        )
        for scores in scores_by_instrument(patient, clinic).values()
        for place, score in enumerate(scores)
        if score.pk in shown
    }


def _since(scores: Sequence[Score], zone: ZoneInfo) -> str:
    """The step from the whole total before to this one, the last of `scores`."""
    score = scores[-1]
    whole = comparable(scores, score.administration.definition.version)
    if len(whole) < 2 or whole[-1] is not score:
        return "Nothing to compare with"
    instrument = score.administration.instrument
    return step(instrument, _day(whole[-2].at, zone), whole[-2], score)


def _later(scores: Sequence[Score], zone: ZoneInfo) -> str:
    """The newest submit after this one: it lowers nothing, and is not kept back."""
    if not scores:
        return ""
    total = plain(scores[-1].total) or "no total"
    return f"Newest since then: {total} on {_day(scores[-1].at, zone)}"


def _day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y}"
