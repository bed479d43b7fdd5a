"""A case at a glance: each score, what it means, what is missing, what changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinicians.presenters.change import comparable, plain, step
from clinicians.presenters.results import AdministrationView, ScreeningView
from clinicians.presenters.times import day_of
from clinicians.presenters.trend import scores_by_instrument
from core.models import Clinic, Patient
from screening.models import Score


@dataclass(frozen=True, slots=True)
class Line:
    """One questionnaire, as it was last answered, in a few words."""

    part: AdministrationView
    sitting: str
    total: str
    since: str
    later: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands at the top: each questionnaire of the case, the newest first.

    A later sitting with other questions, as the ASQ is, hides none of them.
    """

    lines: Sequence[Line]


def glance(
    screenings: Sequence[ScreeningView], patient: Patient, clinic: Clinic
) -> Glance | None:
    """Present each questionnaire once; one query more for the scores before it."""
    newest: dict[str, tuple[ScreeningView, AdministrationView]] = {}
    for sitting in screenings:
        # What was entered in error is told above all this, and is no result.
        if sitting.retracted:
            continue
        for part in sitting.administrations:
            newest.setdefault(part.score.title, (sitting, part))
    if not newest:
        return None
    shown = {part.id for _, part in newest.values()}
    beside = _beside(patient, clinic, shown)
    return Glance(
        [
            Line(
                part,
                f"{sitting.title} ({sitting.status.lower()})",
                _total(part),
                *beside.get(part.id, ("", "")),
            )
            for sitting, part in newest.values()
        ]
    )


def _total(part: AdministrationView) -> str:
    """The total of the most possible; empty for questions that add up to none."""
    score = part.score
    if score.total is not None:
        return f"{score.total} of {score.of}"
    return "No total" if score.bands else ""


def _beside(
    patient: Patient, clinic: Clinic, shown: Collection[object]
) -> dict[object, tuple[str, str]]:
    """What changed since the whole total before, and what came later, by part."""
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
    return step(instrument, day_of(whole[-2].at, zone), whole[-2], score)


def _later(scores: Sequence[Score], zone: ZoneInfo) -> str:
    """The newest submit after this one: it lowers nothing, and is not kept back."""
    if not scores:
        return ""
    total = plain(scores[-1].total) or "no total"
    return f"Newest since then: {total} on {day_of(scores[-1].at, zone)}"
