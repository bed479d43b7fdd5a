"""The question page and the "is that right?" page."""

import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from screening.domain import dialogue
from screening.domain.instruments import Item, Option
from screening.engine.values import BY_MODEL
from screening.models import Turn
from screening.models.sitting import Sitting
from screening.presenters.ai import ai_notice
from screening.presenters.earlier import earlier_note
from screening.presenters.help_texts import Block, asked_for, help_block
from screening.presenters.overview import transcript, way
from screening.presenters.places import counted, stands_alone, step_at, url_of
from screening.presenters.saying import say
from screening.presenters.speaking import foreign, stays
from screening.presenters.texts import texts

LONGEST_SECONDS = 24 * 60 * 60
WORDING_KEY = re.compile(r"[A-Za-z0-9:./_@-]{1,160}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button. Values are never printed, only posted."""

    value: str
    text: str
    checked: bool


def new_key(seq: int, *, at: datetime) -> str:
    """Return a fresh turn key: the answer shown, when, and something random."""
    return f"{seq}.{int(at.timestamp())}.{secrets.token_urlsafe(12)}"


def key_seconds(key: str, *, at: datetime) -> int | None:
    """Return how long the page was open, in seconds, if the key tells it."""
    parts = key.split(".")
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 11:
        return None
    return min(max(int(at.timestamp()) - int(parts[1]), 0), LONGEST_SECONDS)


def shown_from(raw: str) -> dict[str, Any]:
    """Return what the page says it had displayed beside the official text."""
    keys = [key for key in raw.split(",") if WORDING_KEY.fullmatch(key)]
    return {"wordings": keys} if keys else {}


def choices(item: Item, *, chosen: str) -> list[Choice]:
    """Return the official options in their order; none is preselected."""
    return [
        Choice(str(option.value), option.text, str(option.value) == chosen)
        for option in item.options
    ]


def _chosen(sitting: Sitting, step: dialogue.Step) -> str:
    given = sitting.given.get(step.part, {}).get(step.link_id)
    if given is None or sitting.hides(step):
        return ""
    return "declined" if given.value is None else str(given.value)


def question_page(
    sitting: Sitting,
    position: int,
    number: int,
    *,
    ask: Mapping[str, str],
    at: datetime,
    form: Form | None = None,
) -> dict[str, Any] | None:
    """Return the context of one item's page, or None if it is not being asked.

    `ask` is the page's query: more=plainer|explain, turn=<id>, note=<why>.
    """
    step = step_at(sitting, position, number)
    if step is None:
        return None
    turn = turn_of(sitting, ask.get("turn", ""), about=step)
    block = help_block(sitting, step, more=ask.get("more", ""), turn=turn)
    chosen = _chosen(sitting, step)
    if form is not None and form.data.get("choice"):
        chosen = form.data["choice"]
    said = _typed(sitting, turn)
    return (
        _base(sitting, step, chosen=chosen, block=block, at=at)
        | _wrong(form)
        | {
            **_talk(sitting, step, again=bool(ask or form)),
            "message": _message(sitting, turn, ask.get("note", "")),
            "concern": _concern(sitting, turn),
            "asked_for": asked_for(ask, block),
            "said": said,
            "earlier": earlier_note(sitting, "kept") if sitting.hides(step) else None,
            "ai": ai_notice(sitting, step),
            "words_open": bool(said or (form and form.data.get("words"))),
        }
    )


def _talk(sitting: Sitting, step: dialogue.Step, *, again: bool) -> dict[str, Any]:
    """Return what makes a conversation of it; a plain list of pages has none."""
    if sitting.screening.as_list:
        return {"say": "", "transcript": []}
    return {
        "say": say(sitting, step, again=again),
        "transcript": transcript(sitting, step),
    }


def _typed(sitting: Sitting, turn: Turn | None) -> str:
    """Return what the patient wrote, also after an explanation of it was picked."""
    if turn is not None and turn.kind == Turn.Kind.ASK:
        turn = turn_of(sitting, str(turn.interpretation.get("of", "")))
    return turn.words if turn else ""


def _wrong(form: Form | None) -> dict[str, Any]:
    """Return what is wrong with a post, and the words that came with it."""
    found = form.errors if form else {}
    words = str(found["words"][0]) if "words" in found else ""
    others = [str(e[0]) for name, e in found.items() if name != "words"]
    choice = others[0] if others else ""
    errors = [{"text": choice, "href": "#choice-1"}] if choice else []
    if words:
        errors.append({"text": words, "href": "#words"})
    return {
        "error": choice or words,
        "errors": errors,
        "choice_error": choice,
        "words_error": words,
        "words": form.data.get("words", "").replace("\x00", "") if form else "",
    }


def _base(
    sitting: Sitting,
    step: dialogue.Step,
    *,
    chosen: str,
    block: Block | None,
    at: datetime,
) -> dict[str, Any]:
    view = sitting.dialogue()
    instrument, item = sitting.instrument(step.part), sitting.item(*_ids(step))
    back = dialogue.before(view, step)
    given = sitting.given.get(step.part, {}).get(step.link_id)
    return {
        **counted(sitting, step),
        "way": way(sitting, step),
        "item": item,
        "asked_as": sitting.administration(step.part).definition_id,
        "item_lang": foreign(sitting, step.part),
        "stays": stays(sitting, step.part) or _whole(sitting, step),
        "instruction": instrument.instruction if item.scored else "",
        "choices": choices(item, chosen=chosen),
        "declined": chosen == "declined",
        "key": new_key(given.seq if given else 0, at=at),
        "back": url_of(sitting, back) if back else reverse("start"),
        "beneath": block,
        "shown": block.key if block else "",
        "can_ask": item.wordable,
        "url": url_of(sitting, step),
    }


def _whole(sitting: Sitting, step: dialogue.Step) -> str:
    """Return why there are more questions than in the language that was left."""
    answered = step.link_id in sitting.given.get(step.part, {})
    if answered or not stands_alone(sitting, step):
        return ""
    said = texts(sitting.screening.language, "language", sitting.screening.clinic)
    return str(said["whole"])


def _ids(step: dialogue.Step) -> tuple[int, str]:
    return step.part, step.link_id


def turn_of(
    sitting: Sitting, raw: str, *, about: dialogue.Step | None = None
) -> Turn | None:
    """Return a turn of this screening, if it was said about this very item."""
    try:
        turn_id = uuid.UUID(raw)
    except ValueError:
        return None
    turn = Turn.objects.filter(screening=sitting.screening, id=turn_id).first()
    if turn is None or sitting.screening.hides(turn.at):
        # Written before this opening of the link: out of sight, as the answers are.
        return None
    if about is None:
        return turn
    said_here = (turn.outcome.get("position"), turn.link_id) == _ids(about)
    return turn if said_here else None


def _message(sitting: Sitting, turn: Turn | None, note: str) -> str:
    """Return why this item is asked again, in words that blame nobody."""
    if turn is not None and turn.outcome.get("to") == "clarified":
        return ""
    if turn is None and not note:
        return ""
    lines = texts(sitting.screening.language, "again", sitting.screening.clinic)
    return str(lines.get(note, lines["unclear"]))


def _concern(sitting: Sitting, turn: Turn | None) -> dict[str, Any] | None:
    if turn is None or not turn.outcome.get("concern"):
        return None
    return texts(sitting.screening.language, "concern", sitting.screening.clinic)


def confirm_page(
    sitting: Sitting, turn_id: uuid.UUID, *, at: datetime
) -> dict[str, Any] | None:
    """Return the context of "is that right?", or None if nothing is proposed."""
    turn = turn_of(sitting, str(turn_id))
    if turn is None or turn.outcome.get("to") != "confirm":
        return None
    step = dialogue.Step(part=turn.outcome["position"], link_id=turn.link_id)
    if step not in dialogue.steps(sitting.dialogue()):
        return None
    item = sitting.item(*_ids(step))
    values = turn.outcome["values"]
    proposed = item.option(values[0]) if values else None
    return _base(sitting, step, chosen="", block=None, at=at) | {
        "turn_id": str(turn.id),
        "said": turn.words,
        "by_model": _by_model(sitting, turn),
        "ai": ai_notice(sitting, step),
        "ask": _ask(proposed),
        "yes": _yes(proposed),
        "proposed_value": str(proposed.value) if proposed else "declined",
        # What stood beside the item when the words were typed goes with the answer.
        "shown": ",".join(turn.outcome.get("shown", ())),
        "concern": _concern(sitting, turn),
        "back": url_of(sitting, step),
    }


def _by_model(sitting: Sitting, turn: Turn) -> str:
    """Return what a patient is told of an option that a model read in the words."""
    if turn.outcome.get("note") != BY_MODEL:
        return ""
    return str(texts(sitting.screening.language, "ai")["proposed"])


def _ask(proposed: Option | None) -> str:
    if proposed is None:
        return _("We think you would rather not answer this one. Is that right?")
    said = _("We think you mean “%(answer)s”. Is that right?")
    return said % {"answer": proposed.text}


def _yes(proposed: Option | None) -> str:
    if proposed is None:
        return _("Yes, I prefer not to answer")
    return _("Yes: %(answer)s") % {"answer": proposed.text}
