"""Help, the safety page, and checking the answers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from screening import definitions
from screening.definitions.lines import KINDS
from screening.domain import dialogue
from screening.domain.rules import Tier
from screening.engine import Taken
from screening.models.sitting import Sitting
from screening.presenters.earlier import earlier_note
from screening.presenters.lines import lines_in
from screening.presenters.overview import (
    answer_lang,
    answer_words,
    groups,
    question_words,
    way,
)
from screening.presenters.places import url_of
from screening.presenters.texts import texts, when_read


def safety_page(taken: Taken, *, at: datetime) -> dict[str, Any]:
    """Return the calm page shown in the very response to a sign of danger."""
    screening = taken.sitting.screening
    clinic, language = screening.clinic, screening.language
    when = when_read(language, clinic, tier=Tier.URGENT, since=at, at=at)
    return {
        "texts": texts(language, "safety", clinic, when=when),
        "lines": lines_of(taken.sitting),
        "help": texts(language, "help", clinic),
        "clinic_phone": clinic.phone,
        "onward": _onward(taken),
    }


def lines_of(sitting: Sitting) -> dict[str, Any]:
    """Return the crisis lines of the clinic that asks."""
    clinic = sitting.screening.clinic
    return lines_in(
        sitting.screening.language, clinic.country, tuple(clinic.lines_verified)
    )


def _onward(taken: Taken) -> str:
    """Return the next page: the same item after words, the next after an answer."""
    sitting, outcome = taken.sitting, taken.outcome
    view = sitting.dialogue()
    here = dialogue.Step(part=outcome.position, link_id=outcome.link_id)
    if not sitting.screening.is_open:
        return reverse("done")
    answered = outcome.link_id in sitting.given.get(outcome.position, {})
    step = dialogue.first_open(view)
    if step is None:
        return reverse("review")
    if here in dialogue.steps(view):
        stay = outcome.note == "words" and not answered
        step = here if stay else dialogue.after(view, here) or step
    number = sitting.item(step.part, step.link_id).number
    return reverse("question", args=[step.part + 1, number])


def help_page(
    country: str,
    language: str,
    verified: Collection[str] = (),
    *,
    phone: str = "",
    in_session: bool,
) -> dict[str, Any]:
    """Return the context of "Get help now". Needs neither database nor network."""
    lines = lines_in(language, country or settings.HELP_COUNTRY, verified)
    return {
        "texts": texts(language, "help", phone=phone),
        "lines": lines,
        "expect": _expected(lines, language),
        "clinic_phone": phone,
        "in_session": in_session,
    }


def _expected(lines: dict[str, Any], language: str) -> list[definitions.Expectation]:
    """Return what happens then, for each way that the page offers."""
    ways = {kind for line in lines["lines"] for kind in KINDS if line[kind]}
    if lines["emergency"]:
        ways.add("emergency")
    return [
        said for way, said in definitions.care(language).expect.items() if way in ways
    ]


def review_page(sitting: Sitting) -> dict[str, Any]:
    """Return every answer in words (never points), each with a way to change it."""
    view = sitting.dialogue()
    screening = sitting.screening
    return {
        "texts": texts(screening.language, "review", screening.clinic),
        "groups": [
            {
                "stem": group.stem,
                "lang": group.lang,
                "rows": [_review_row(sitting, step) for step in group.steps],
            }
            for group in groups(sitting, dialogue.steps(view))
        ],
        "way": way(sitting),
        "earlier": earlier_note(sitting, "review"),
        "still_open": dialogue.first_open(view) is not None,
    }


def _review_row(sitting: Sitting, step: dialogue.Step) -> dict[str, Any]:
    answer, lang = answer_words(sitting, step), answer_lang(sitting, step)
    if sitting.hides(step):
        answer, lang = texts(sitting.screening.language, "earlier")["hidden"], ""
    return {
        "question": question_words(sitting, step),
        "answer": answer or _("Not answered yet"),
        "answer_lang": lang,
        "open": answer is None,
        "url": url_of(sitting, step),
    }
