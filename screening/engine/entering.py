"""What only staff can do with a form: leave an item blank, or cancel the entry."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from screening import definitions
from screening.actions import entering, expiring, turns
from screening.domain import flags
from screening.domain.dialogue import Step, after, first_open
from screening.domain.instruments import Item
from screening.domain.scoring import AnswerRefused, visible_items
from screening.engine import hearing
from screening.engine.values import Entering, Outcome, Over, Said, Taken, actor
from screening.models import Screening, Turn
from screening.models.sitting import LEFT_BLANK, Sitting, TurnRecord


@transaction.atomic
def leave_blank(seat: Entering, said: Said, *, at: datetime) -> Taken:
    """Note that the form has no answer to an item; it is not asked for again.

    A blank safety item is flagged like a declined one: a person asks. An answer that
    is stored stays: raises AnswerRefused.
    """
    sitting = hearing.locked(seat)
    if not sitting.screening.is_open or expiring.is_stale(sitting.screening, at=at):
        raise Over
    said, replay = hearing.settled(sitting, said)
    if replay is not None:
        return replay
    step = Step(part=said.position, link_id=said.link_id)
    item = _check(sitting, said)
    turn = turns.keep_turn(
        sitting,
        key=said.key,
        kind=Turn.Kind.DECLINE,
        position=said.position,
        link_id=said.link_id,
        words="",
        digest=said.digest,
        at=at,
    )
    made = {"result": LEFT_BLANK, "position": said.position}
    sitting.turns[said.key] = TurnRecord(
        turn.id, said.key, said.digest, turn.kind, said.link_id, {}, made
    )
    outcome = _onward(sitting, step)
    turns.settle_turn(turn_id=turn.id, outcome=outcome.to_dict(), interpretation=made)
    turns.raise_in_turn(
        sitting,
        _raised(sitting, said, item),
        position=said.position,
        by=actor(seat, sitting),
        at=at,
    )
    turns.close_turn(sitting)
    return Taken(outcome, sitting)


def _check(sitting: Sitting, said: Said) -> Item:
    if sitting.screening.mode != Screening.Mode.PAPER:
        raise AnswerRefused("Only an item on a paper form can be left blank.")
    if not 0 <= said.position < len(sitting.administrations):
        raise AnswerRefused("This question is not part of the questionnaire.")
    given, instrument = (
        sitting.answers(said.position),
        sitting.instrument(said.position),
    )
    if instrument.item(said.link_id) not in visible_items(instrument, given):
        raise AnswerRefused("The form does not come to this question.")
    if said.link_id in given:
        raise AnswerRefused(
            "An answer to this question is stored already. Change it to what the form "
            "says, or cancel this entry and begin again."
        )
    return sitting.item(said.position, said.link_id)


def _raised(sitting: Sitting, said: Said, item: Item) -> tuple[flags.RaisedFlag, ...]:
    instrument = sitting.instrument(said.position)
    found = flags.on_answer(definitions.flag_rules(), instrument, said.link_id, None)
    detail = f"{instrument.short_name} item {item.number}: left blank on the form"
    return tuple(
        replace(
            flag,
            key=f"{flag.rule}:{said.key}",
            evidence=replace(flag.evidence, detail=detail),
        )
        for flag in found
    )


def _onward(sitting: Sitting, step: Step) -> Outcome:
    view = sitting.dialogue()
    open_step = first_open(view)
    if open_step is None:
        return Outcome(to="review")
    return Outcome.at_step("question", sitting, after(view, step) or open_step)


@transaction.atomic
def cancel(seat: Entering, *, at: datetime) -> None:
    """End an entry unfinished; what was entered stays, and stays flagged."""
    sitting = hearing.locked(seat)
    if not sitting.screening.is_open:
        raise Over
    entering.cancel_entry(sitting, by=seat.user, at=at)
