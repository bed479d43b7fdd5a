"""Takes a turn: keep, look for danger, understand, decide, save.

The order is the promise. Words are kept before anything is made of them; danger
is looked for by rule before any model is asked; answer, flags, episode and audit
stand in one short transaction, and no network is reached inside it.
"""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from core.audit import Actor
from screening import definitions
from screening.actions import expiring, turns
from screening.actions.entry import stop
from screening.domain import dialogue, flags
from screening.domain.instruments import Item
from screening.domain.scoring import AnswerRefused, check_value, visible_items
from screening.engine.values import Claim, Outcome, Over, Said, Taken, claimed
from screening.engine.words import raise_for_words, understand
from screening.language import safety
from screening.models import Answer, Screening, Turn
from screening.models.sitting import Given, NoSuchSitting, Sitting, load


def take_turn(claim: Claim, said: Said, *, at: datetime) -> Taken:
    """Take one turn and return where it leads.

    A key seen before leads where it led the first time. Raises NoSuchSitting,
    Over, or AnswerRefused with a sentence for the page.
    """
    if not said.words:
        return _answer(claim, said, at=at)
    kept = _keep_words(claim, said, at=at)
    if isinstance(kept, Taken):
        return kept
    return _hear(claim, said, kept, at=at)


def _hear(claim: Claim, said: Said, turn_id: uuid.UUID, *, at: datetime) -> Taken:
    sitting = load(claim.screening_id)
    finding = safety.find(said.words, sitting.screening.language)
    raise_for_words(claim.screening_id, said, finding, at=at)
    if finding.level == "urgent":
        return _help_now(claim, sitting, said, turn_id, at=at)
    if not sitting.screening.is_open:
        raise Over
    if said.answers:
        return _answer(claim, said, turn_id=turn_id, at=at)
    concern = finding.level == "concern"
    return Taken(understand(sitting, said, turn_id, concern=concern, at=at), sitting)


def _help_now(
    claim: Claim, sitting: Sitting, said: Said, turn_id: uuid.UUID, *, at: datetime
) -> Taken:
    """Lead to help. An option tapped beside the words counts as tapped; from the
    words themselves no option is proposed."""
    if said.answers and sitting.screening.is_open:
        _answer(claim, said, turn_id=turn_id, at=at)
    step = dialogue.Step(part=said.position, link_id=said.link_id)
    outcome = Outcome.at_step("safety", sitting, step, note="words")
    turns.settle_turn(turn_id=turn_id, outcome=outcome.to_dict())
    return Taken(outcome, sitting)


def _locked(claim: Claim) -> Sitting:
    sitting = load(claim.screening_id, lock=True)
    if not claimed(claim, sitting):
        raise NoSuchSitting(claim.screening_id)
    if sitting.screening.consented_at is None:
        raise Over
    return sitting


def _open(claim: Claim) -> Sitting:
    sitting = _locked(claim)
    if not sitting.screening.is_open:
        raise Over
    return sitting


def _replayed(sitting: Sitting, said: Said) -> Taken | None:
    before = sitting.turns.get(said.key)
    if before is None or not before.outcome:
        return None
    return Taken(Outcome.from_dict(before.outcome), sitting)


@transaction.atomic
def _keep_words(claim: Claim, said: Said, *, at: datetime) -> Taken | uuid.UUID:
    """First commit: the words, whatever becomes of them.

    Words typed on a page left open after the submit are kept too: they are no
    answer any more, but they may be a call for help.
    """
    sitting = _locked(claim)
    if replay := _replayed(sitting, said):
        return replay
    if said.key in sitting.turns:
        return sitting.turns[said.key].id
    _check_item(sitting, said)
    turn = turns.keep_turn(
        sitting,
        key=said.key,
        kind=Turn.Kind.WORDS,
        position=said.position,
        link_id=said.link_id,
        words=said.words,
        at=at,
    )
    turns.note_words(sitting, turn_id=turn.id, at=at)
    return turn.id


def _check_item(sitting: Sitting, said: Said) -> Item:
    """Return the item being answered, or refuse what is not being asked."""
    if not 0 <= said.position < len(sitting.administrations):
        raise AnswerRefused("This question is not part of your questionnaire.")
    instrument = sitting.instrument(said.position)
    asked = visible_items(instrument, sitting.answers(said.position))
    item = next((i for i in asked if i.link_id == said.link_id), None)
    if item is None:
        raise AnswerRefused("This question is not part of your questionnaire.")
    if said.value is not None:
        check_value(instrument, said.link_id, said.value)
    return item


@transaction.atomic
def _answer(
    claim: Claim, said: Said, *, at: datetime, turn_id: uuid.UUID | None = None
) -> Taken:
    """Store an answer with all that follows from it, in one commit."""
    sitting = _open(claim)
    if replay := _replayed(sitting, said):
        return replay
    item = _check_item(sitting, said)
    counts, outcome = _decide(sitting, said, item, at=at)
    if turn_id is None:
        turn_id = _new_turn(sitting, said, outcome, at=at)
    else:
        turns.settle_turn(turn_id=turn_id, outcome=outcome.to_dict())
    if counts:
        turns.store_answer(sitting, _new_answer(said), turn_id=turn_id, at=at)
    # A danger sign is flagged even where the answer itself comes too late to count.
    turns.raise_in_turn(sitting, _raised(sitting, said), position=said.position, at=at)
    if outcome.to == "expired":
        stop(sitting, Screening.Status.EXPIRED, by=Actor.system("expiry"), at=at)
    turns.close_turn(sitting)
    return Taken(outcome, sitting)


def _raised(sitting: Sitting, said: Said) -> tuple[flags.RaisedFlag, ...]:
    """Return what this answer raises; another value of the same item is another
    flag, so that a 1 changed to a 3 is seen, and a 3 changed to a 0 stays."""
    found = flags.on_answer(
        definitions.flag_rules(),
        sitting.instrument(said.position),
        said.link_id,
        said.value,
    )
    return tuple(replace(f, key=f"{f.key}:{said.value}") for f in found)


def _decide(
    sitting: Sitting, said: Said, item: Item, *, at: datetime
) -> tuple[bool, Outcome]:
    """Return whether the answer counts, and where the turn leads."""
    if expiring.is_stale(sitting.screening, at=at):
        return False, Outcome(to="expired")
    current = sitting.given.get(said.position, {}).get(said.link_id)
    if current is not None and current.seq != said.base_seq:
        here = dialogue.Step(part=said.position, link_id=said.link_id)
        if current.value != said.value:
            return False, Outcome.at_step(
                "question", sitting, here, note="answered-elsewhere"
            )
        return False, _onward(sitting, here)
    _remember(sitting, said, at=at)
    step = dialogue.Step(part=said.position, link_id=said.link_id)
    if item.safety and said.value:
        return True, Outcome.at_step("safety", sitting, step)
    return True, _onward(sitting, step)


def _remember(sitting: Sitting, said: Said, *, at: datetime) -> None:
    """Let the decision see the answer that is about to be stored."""
    latest = sitting.given.setdefault(said.position, {})
    latest[said.link_id] = Given(
        sitting.screening.turn_seq + 1, said.value, "", uuid.UUID(int=0), at
    )


def _onward(sitting: Sitting, step: dialogue.Step) -> Outcome:
    """Return the next item, or the review page when nothing is left to ask."""
    view = sitting.dialogue()
    open_step = dialogue.first_open(view)
    if open_step is None:
        return Outcome(to="review")
    return Outcome.at_step("question", sitting, dialogue.after(view, step) or open_step)


def _new_turn(
    sitting: Sitting, said: Said, outcome: Outcome, *, at: datetime
) -> uuid.UUID:
    return turns.keep_turn(
        sitting,
        key=said.key,
        kind=said.kind,
        position=said.position,
        link_id=said.link_id,
        words="",
        outcome=outcome.to_dict(),
        at=at,
    ).id


def _new_answer(said: Said) -> turns.NewAnswer:
    shown = dict(said.shown)
    if said.words_turn:
        shown["words_turn"] = said.words_turn
    return turns.NewAnswer(
        position=said.position,
        link_id=said.link_id,
        value=said.value,
        origin=Answer.Origin.CONFIRMED if said.words_turn else Answer.Origin.TAPPED,
        shown=shown,
        seconds=said.seconds,
    )
