"""The page on which a wording is reported as unclear or hurtful."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse

from screening.domain import dialogue
from screening.domain.instruments import Item
from screening.models.sitting import Sitting
from screening.presenters.help_texts import Block, help_block
from screening.presenters.places import step_at
from screening.presenters.question import new_key, turn_of
from screening.presenters.texts import texts


@dataclass(frozen=True, slots=True)
class Pointed:
    """The wordings that stood on the page from which a report was begun."""

    step: dialogue.Step
    item: Item
    beneath: Block | None

    @property
    def beneath_text(self) -> str:
        """What stood beneath the question, as one text."""
        block = self.beneath
        return " ".join(t for t in (block.note, block.text) if t) if block else ""


def pointed_at(
    sitting: Sitting, position: int, number: int, ask: Mapping[str, str]
) -> Pointed | None:
    """Return what the question's page showed; `ask` is the query that it had."""
    step = step_at(sitting, position, number)
    if step is None:
        return None
    turn = turn_of(sitting, ask.get("turn", ""), about=step)
    block = help_block(sitting, step, more=ask.get("more", ""), turn=turn)
    return Pointed(step, sitting.item(step.part, step.link_id), block)


def report_page(
    sitting: Sitting,
    pointed: Pointed,
    ask: Mapping[str, str],
    *,
    at: datetime,
    form: Form | None = None,
) -> dict[str, Any]:
    """Return the context of the page; nothing that was typed is lost."""
    said = texts(sitting.screening.language, "report", sitting.screening.clinic)
    posted = form.data if form else {}
    errors = _errors(form, said)
    return {
        "texts": said,
        "official": pointed.item.text,
        "beneath": pointed.beneath_text,
        "key": posted.get("key") or new_key(0, at=at),
        "asked_as": sitting.administration(pointed.step.part).definition_id,
        "more": ask.get("more", ""),
        "turn": ask.get("turn", ""),
        "where": posted.get("where") or ("BENEATH" if pointed.beneath_text else ""),
        "why": posted.get("why", ""),
        "words": posted.get("words", "").replace("\x00", ""),
        "errors": [{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        "why_error": errors.get("why-unclear", ""),
        "words_error": errors.get("words", ""),
        "url": reverse("question", args=[pointed.step.part + 1, pointed.item.number]),
    }


def _errors(form: Form | None, said: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong, by the place on the page where it is mended."""
    found = form.errors if form else {}
    wrong = {}
    if "asked_as" in found:
        wrong["why-unclear"] = said["switched"]
    elif set(found) - {"words"}:
        wrong["why-unclear"] = said["missing"]
    if "words" in found:
        wrong["words"] = str(found["words"][0])
    return wrong
