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

from screening import definitions
from screening.domain import dialogue
from screening.domain.instruments import Item, Option
from screening.engine.calling import model_is_offered
from screening.engine.values import BY_MODEL
from screening.models import Turn
from screening.models.sitting import Sitting
from screening.presenters.help_texts import Block, asked_for, help_block
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


def step_of(sitting: Sitting, position: int, number: int) -> dialogue.Step | None:
    """Return the item of this number in this part, if it is being asked."""
    for step in dialogue.steps(sitting.dialogue()):
        item = sitting.item(step.part, step.link_id)
        if step.part == position and item.number == number:
            return step
    return None


def _url(sitting: Sitting, step: dialogue.Step) -> str:
    number = sitting.item(step.part, step.link_id).number
    return reverse("question", args=[step.part + 1, number])


def _chosen(sitting: Sitting, step: dialogue.Step) -> str:
    given = sitting.given.get(step.part, {}).get(step.link_id)
    if given is None:
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
    step = step_of(sitting, position, number)
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
            "say": _say(sitting, step, again=bool(ask or form)),
            "message": _message(sitting, turn, ask.get("note", "")),
            "concern": _concern(sitting, turn),
            "asked_for": asked_for(ask, block),
            "said": said,
            "ai_help": _ai_help(sitting),
            "words_open": bool(said or (form and form.data.get("words"))),
        }
    )


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
    n, of = dialogue.number(view, step)
    instrument, item = sitting.instrument(step.part), sitting.item(*_ids(step))
    back = dialogue.before(view, step)
    given = sitting.given.get(step.part, {}).get(step.link_id)
    return {
        "number": n,
        "of": of,
        "item": item,
        "instruction": instrument.instruction if item.scored else "",
        "choices": choices(item, chosen=chosen),
        "declined": chosen == "declined",
        "key": new_key(given.seq if given else 0, at=at),
        "back": _url(sitting, back) if back else reverse("start"),
        "beneath": block,
        "shown": block.key if block else "",
        "can_ask": item.wordable,
        "url": _url(sitting, step),
    }


def _ids(step: dialogue.Step) -> tuple[int, str]:
    return step.part, step.link_id


def _say(sitting: Sitting, step: dialogue.Step, *, again: bool) -> str:
    """Return a brief connecting line from the reviewed set; it steers nothing.

    Nothing begins or comes next on a page that is shown `again`, after an explanation
    or a reply: only the lines that are about the item itself hold there.
    """
    lines = definitions.pages(sitting.screening.language)["say"]
    n, of = dialogue.number(sitting.dialogue(), step)
    item = sitting.item(*_ids(step))
    if not item.scored:
        key = "difficulty"
    elif item.safety:
        key = "safety"
    else:
        key = {1: "first", of: "last"}.get(n, f"next_{n % 3}")
        if key != "last" and (again or _was_met(sitting, step)):
            return ""
    return str(lines[key])


def _was_met(sitting: Sitting, step: dialogue.Step) -> bool:
    """Return whether the patient has answered or asked about this item before."""
    if step.link_id in sitting.given.get(step.part, {}):
        return True
    said = (t for t in sitting.turns.values() if t.link_id == step.link_id)
    return any(t.outcome.get("position") == step.part for t in said)


def turn_of(
    sitting: Sitting, raw: str, *, about: dialogue.Step | None = None
) -> Turn | None:
    """Return a turn of this screening, if it was said about this very item."""
    try:
        turn_id = uuid.UUID(raw)
    except ValueError:
        return None
    turn = Turn.objects.filter(screening=sitting.screening, id=turn_id).first()
    if turn is None or about is None:
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
        "ask": _ask(proposed),
        "yes": _yes(proposed),
        "proposed_value": str(proposed.value) if proposed else "declined",
        # What stood beside the item when the words were typed goes with the answer.
        "shown": ",".join(turn.outcome.get("shown", ())),
        "concern": _concern(sitting, turn),
        "back": _url(sitting, step),
    }


def _ai_help(sitting: Sitting) -> str:
    """Return what leads to the choice about a language model, where there is one."""
    screening = sitting.screening
    if not model_is_offered(screening.clinic):
        return ""
    state = "manage_on" if screening.ai_consent else "manage_off"
    return str(texts(screening.language, "ai")[state])


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
