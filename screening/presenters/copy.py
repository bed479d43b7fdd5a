"""A patient's own copy: the official questions with the answers, in words, never scores."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from screening.domain import dialogue
from screening.models import Turn
from screening.models.sitting import Sitting
from screening.presenters.overview import (
    answer_lang,
    answer_words,
    question_words,
)
from screening.presenters.speaking import foreign, spoken
from screening.presenters.texts import texts


@dataclass(frozen=True, slots=True)
class Line:
    """One question as it was asked, what was chosen, and what was typed beside it."""

    question: str
    answer: str
    question_lang: str
    lang: str
    typed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One questionnaire, by its shared opening words; whose the words are, and in
    which language if it is not the page's."""

    instruction: str
    lang: str
    lines: tuple[Line, ...]
    attribution: str


def may_copy(sitting: Sitting) -> bool:
    """Return whether a copy may be handed out on this page."""
    screening = sitting.screening
    if screening.started_at is None:
        return False
    return not (screening.is_open and sitting.hides_some)


def copy_texts(sitting: Sitting) -> dict[str, Any] | None:
    """Return the words of the button, or None while there is nothing to copy, or
    while some of it is out of sight: what was answered before is shown first."""
    if not may_copy(sitting):
        return None
    return texts(sitting.screening.language, "answers")


def copy_page(sitting: Sitting, *, at: datetime) -> dict[str, Any]:
    """Return what stands in the file. It is read in front of nobody in particular, so
    neither the patient nor the clinic is named."""
    screening = sitting.screening
    over = screening.completed_at or screening.closed_at or at
    return {
        "texts": texts(screening.language, "answers"),
        "language": screening.language,
        "day": formats.date_format(
            over.astimezone(screening.clinic.zone), "DATE_FORMAT"
        ),
        "finished": screening.completed_at is not None,
        "parts": list(_parts(sitting)),
    }


def _parts(sitting: Sitting) -> Iterator[Part]:
    typed = _typed(sitting)
    steps = dialogue.steps(sitting.dialogue())
    for position in range(len(sitting.administrations)):
        instrument = sitting.instrument(position)
        asked = [step for step in steps if step.part == position]
        if not asked:  # a longer form that did not follow
            continue
        lines = tuple(_line(sitting, step, typed.get(step, ())) for step in asked)
        yield Part(
            instrument.instruction,
            foreign(sitting, position),
            lines,
            instrument.licence.attribution,
        )


def _line(sitting: Sitting, step: dialogue.Step, typed: tuple[str, ...]) -> Line:
    question = question_words(sitting, step)
    answer = answer_words(sitting, step) or _("Not answered yet")
    return Line(
        question, answer, spoken(sitting, step), answer_lang(sitting, step), typed
    )


def _typed(sitting: Sitting) -> dict[dialogue.Step, tuple[str, ...]]:
    """Return what was written beside each item, in the order it was written."""
    positions = {a.id: i for i, a in enumerate(sitting.administrations)}
    found: dict[dialogue.Step, tuple[str, ...]] = {}
    rows = Turn.objects.filter(screening=sitting.screening)
    for turn in rows.order_by("at", "id"):
        if turn.administration_id in positions and turn.words:
            part = positions[turn.administration_id]
            step = dialogue.Step(part=part, link_id=turn.link_id)
            found[step] = (*found.get(step, ()), turn.words)
    return found
