"""Answers a patient's question about an item, and what the patient picks of the answers.

The network is reached outside any transaction, and never for longer than the deadline.
Nothing in here answers an item.
"""

import uuid
from datetime import datetime

from django.db import transaction

from core import crypto
from screening.actions import turns, wordings
from screening.domain.dialogue import Step
from screening.domain.instruments import Item
from screening.engine import calling, hearing
from screening.engine.values import Claim, Outcome, Over, Said, Taken, claimed
from screening.language import clarify, explanations, library, wording
from screening.models import Turn
from screening.models.sitting import NoSuchSitting, Sitting, load

NONE = "none"  # what is picked where none of the explanations was meant


class NothingToPick(LookupError):
    """There is no such question of this patient, or this was not offered for it."""


def explain(
    sitting: Sitting,
    said: Said,
    turn_id: uuid.UUID,
    item: Item,
    *,
    concern: bool,
    at: datetime,
) -> Outcome:
    """Answer a question, and keep what is shown and offered on its turn."""
    # Words that worry us are for a person to read, never for a model.
    leave = _leave(sitting, item, model=not concern, at=at)
    instrument = sitting.instrument(said.position)
    made = clarify.clarify(said.words, item, instrument, leave=leave)
    outcome = _outcome(sitting, said.position, item, turn_id, made, concern=concern)
    with transaction.atomic():
        wordings.save_calls(calling.rows(sitting, made.calls, at=at))
        turns.settle_reply(
            turn_id=turn_id,
            outcome=outcome.to_dict(),
            interpretation={"result": "Question", **_made(made)},
            reply=_reply(made),
        )
    return outcome


def pick(claim: Claim, of: uuid.UUID, picked: str, *, at: datetime) -> Taken:
    """Show the explanation that was picked of those offered for a question.

    NONE asks a model where one may be asked. Picking the same again leads to the same.
    Raises NoSuchSitting, Over or NothingToPick.
    """
    sitting = load(claim.screening_id)
    if not claimed(claim, sitting):
        raise NoSuchSitting(claim.screening_id)
    if not sitting.screening.is_open:
        raise Over
    asked = _asked(sitting, of, picked)
    key = f"ask.{of.hex}.{picked}"
    if key in sitting.turns:
        return Taken(Outcome.from_dict(sitting.turns[key].outcome), sitting)
    item = sitting.item(asked.outcome["position"], asked.link_id)
    made = _picked(sitting, asked, item, picked, at=at)
    return _keep(claim, asked, key, picked, made, at=at)


def _asked(sitting: Sitting, of: uuid.UUID, picked: str) -> Turn:
    """The question that was asked, if this was offered for it."""
    asked = Turn.objects.filter(screening=sitting.screening, id=of).first()
    if asked is None or asked.outcome.get("to") != "clarified":
        raise NothingToPick(of)
    if picked not in (*asked.interpretation.get("offered", ()), NONE):
        raise NothingToPick(picked)
    return asked


def _picked(
    sitting: Sitting, asked: Turn, item: Item, picked: str, *, at: datetime
) -> clarify.Clarified:
    instrument = sitting.instrument(asked.outcome["position"])
    if picked == NONE:
        worries = bool(asked.outcome.get("concern"))
        leave = _leave(sitting, item, model=not worries, at=at)
        return clarify.further(asked.words, item, instrument, leave=leave)
    text = wording.text(item, instrument, picked)
    if text is None or not library.may_show(sitting.screening.clinic, text):
        return clarify.Clarified()
    return clarify.Clarified(text.text, shown=text)


@transaction.atomic
def _keep(
    claim: Claim,
    asked: Turn,
    key: str,
    picked: str,
    made: clarify.Clarified,
    *,
    at: datetime,
) -> Taken:
    """One commit: the pick with what is shown, as a turn of its own."""
    sitting = hearing.locked(claim)
    if not sitting.screening.is_open:
        raise Over
    if key in sitting.turns:  # two taps at once
        return Taken(Outcome.from_dict(sitting.turns[key].outcome), sitting)
    position = asked.outcome["position"]
    item = sitting.item(position, asked.link_id)
    turn = turns.keep_turn(
        sitting,
        key=key,
        kind=Turn.Kind.ASK,
        position=position,
        link_id=asked.link_id,
        words=_label(picked, sitting.screening.language),
        digest=crypto.blind_index(key, purpose="screening.turn"),
        at=at,
    )
    worries = bool(asked.outcome.get("concern"))
    outcome = _outcome(sitting, position, item, turn.id, made, concern=worries)
    wordings.save_calls(calling.rows(sitting, made.calls, at=at))
    turns.settle_reply(
        turn_id=turn.id,
        outcome=outcome.to_dict(),
        interpretation={"result": "Picked", "of": str(asked.id), **_made(made)},
        reply=_reply(made),
    )
    return Taken(outcome, sitting)


def _label(picked: str, language: str) -> str:
    return "" if picked == NONE else explanations.label(picked, language)


def _leave(sitting: Sitting, item: Item, *, model: bool, at: datetime) -> clarify.Leave:
    clinic = sitting.screening.clinic
    allowed = model and calling.may_ask_model(sitting, item)
    return clarify.Leave(
        model=allowed,
        allowance=calling.allowance(clinic, at=at) if allowed else None,
        showable=lambda texts: library.showable(clinic, texts),
    )


def _outcome(
    sitting: Sitting,
    position: int,
    item: Item,
    turn_id: uuid.UUID,
    made: clarify.Clarified,
    *,
    concern: bool,
) -> Outcome:
    return Outcome.at_step(
        "clarified",
        sitting,
        Step(part=position, link_id=item.link_id),
        turn=str(turn_id),
        note=made.source,
        concern=concern,
    )


def _made(made: clarify.Clarified) -> dict[str, object]:
    """What the page is made of again whenever it is opened; no word of the patient."""
    return {
        "source": made.source,
        "shown": made.shown.kind if made.shown else "",
        "offered": [text.kind for text in made.offered],
        "note": made.note.id.rpartition("/")[2] if made.note else "",
    }


def _reply(made: clarify.Clarified) -> str:
    """All that was said, as it was said."""
    note = made.note.text if made.note else ""
    return "\n\n".join(part for part in (note, made.text) if part)
