"""A case at a glance: each score, what it means, what is missing, what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinicians.presenters.change import comparable, step
from clinicians.presenters.results import AdministrationView, ScreeningView
from clinicians.presenters.trend import scores_by_instrument
from core.models import Clinic, Patient


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
    cautions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands at the top: the newest sitting that raised a flag."""

    sitting: str
    lines: Sequence[Line]

    @property
    def caution(self) -> bool:
        """Whether anything here is to be read with caution."""
        return any(line.cautions for line in self.lines)


def glance(
    screenings: Sequence[ScreeningView], patient: Patient, clinic: Clinic
) -> Glance | None:
    """Present the newest sitting; one query more for the scores before it."""
    if not screenings:
        return None
    newest = screenings[0]
    since = _since(patient, clinic, newest, clinic.zone)
    lines = [_line(part, since.get(part.id, "")) for part in newest.administrations]
    return Glance(sitting=newest.title, lines=lines)


def _line(part: AdministrationView, since: str) -> Line:
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
        cautions=part.cautions,
    )


def _since(
    patient: Patient, clinic: Clinic, newest: ScreeningView, zone: ZoneInfo
) -> dict[object, str]:
    """What changed since the whole total before, by administration."""
    found: dict[object, str] = {}
    shown = {part.id for part in newest.administrations}
    for scores in scores_by_instrument(patient, clinic).values():
        for place, score in enumerate(scores):
            if score.pk not in shown:
                continue
            version = score.administration.definition.version
            whole = comparable(scores[: place + 1], version)
            if len(whole) < 2 or whole[-1] is not score:
                found[score.pk] = "Nothing to compare with"
                continue
            local = whole[-2].at.astimezone(zone)
            words = f"{local.day} {local:%b %Y}"
            instrument = score.administration.instrument
            found[score.pk] = step(instrument, words, whole[-2], score)
    return found
