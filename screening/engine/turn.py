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
from screening.domain.instruments import Instrument, Item
from screening.domain.scoring import AnswerRefused, check_value
from screening.engine import hearing
from screening.engine.asked import asked_as, where_it_counts, worded
from screening.engine.values import (
    BY_MODEL,
    Claim,
    Entering,
    Outcome,
    Over,
    Said,
    Seat,
    Taken,
    actor,
)
from screening.engine.words import contradicts, understand
from screening.language import library
from screening.models import Answer, Definition, Screening
from screening.models.sitting import Given, Sitting, load


def take_turn(claim: Claim, said: Said, *, at: datetime) -> Taken:
    """Take one turn and return where it leads.

    The same thing said again under the same key leads where it led the first
    time. Raises NoSuchSitting, Over, or AnswerRefused with a sentence for the page.
    """
    if not said.words:
        return _answer(claim, said, at=at)
    kept = hearing.keep_words(claim, said, at=at)
    if isinstance(kept, Taken):
        return kept
    return _hear(claim, kept, at=at)


def _hear(claim: Claim, kept: hearing.Kept, *, at: datetime) -> Taken:
    sitting = load(claim.screening_id)
    finding = hearing.listen(kept, sitting, at=at)
    if finding.level == "urgent":
        return _help_now(claim, sitting, kept, at=at)
    if not sitting.screening.is_open:
        raise Over
    kept = replace(kept, said=where_it_counts(sitting, kept.said))
    _check_item(sitting, kept.said)
    instrument = worded(sitting, kept.said, asked_as(sitting, kept.said))
    if kept.said.answers:
        doubt = contradicts(kept.said, instrument)
        return _answer(claim, kept.said, turn_id=kept.turn_id, doubt=doubt, at=at)
    outcome = understand(
        sitting, kept.said, kept.turn_id, finding, instrument=instrument, at=at
    )
    return Taken(outcome, sitting)


def _help_now(
    claim: Claim, sitting: Sitting, kept: hearing.Kept, *, at: datetime
) -> Taken:
    """Lead to help. An option tapped beside the words counts as tapped; from the
    words themselves no option is proposed."""
    if kept.said.answers:
        try:
            _answer(claim, kept.said, turn_id=kept.turn_id, at=at)
        except (AnswerRefused, Over):
            # It could not count; help is shown all the same.
            return hearing.lead_to_help(sitting, kept)
    return hearing.lead_to_help(sitting, kept)


def _check_item(sitting: Sitting, said: Said) -> Item:
    """Return the item being answered, or refuse what is not being asked."""
    if not 0 <= said.position < len(sitting.administrations):
        raise AnswerRefused("This question is not part of your questionnaire.")
    view = sitting.dialogue()
    asked = dialogue.asked_items(view, said.position)
    if view.parts[said.position].follows is not None:
        # What was said about danger counts, also on a page that led there before.
        asked += tuple(i for i in sitting.instrument(said.position).items if i.safety)
    item = next((i for i in asked if i.link_id == said.link_id), None)
    if item is None:
        raise AnswerRefused("This question is not part of your questionnaire.")
    if said.value is not None:
        check_value(sitting.instrument(said.position), said.link_id, said.value)
    return item


def enter(seat: Entering, said: Said, *, at: datetime) -> Taken:
    """Take one answer that staff enter: an official option, or declining, never words.

    Raises what `take_turn` raises; the same rules flag it at the same moment.
    """
    if not said.answers:
        raise AnswerRefused("Choose one of the answers.")
    return _answer(seat, said, at=at)


@transaction.atomic
def _answer(
    seat: Seat,
    said: Said,
    *,
    at: datetime,
    turn_id: uuid.UUID | None = None,
    doubt: bool = False,
) -> Taken:
    """Store an answer with all that follows from it, in one commit.

    `doubt`: words beside it name another answer, so the item is asked once more.
    An endorsed safety item is flagged and leads to help even where the answer comes too
    late to count: on a stale page, past the window, after the submit.
    """
    sitting = hearing.locked(seat)
    said, replay = hearing.settled(sitting, where_it_counts(sitting, said))
    if replay is not None:
        return replay
    item = _check_item(sitting, said)
    endorsed = item.safety and bool(said.value)
    if not sitting.screening.is_open and not endorsed:
        raise Over
    too_late = expiring.is_stale(sitting.screening, at=at)
    stood = asked_as(sitting, said)
    counts, outcome = _decide(sitting, said, too_late=too_late, at=at)
    if endorsed:
        outcome = hearing.to_safety(sitting, said)
    elif counts and (doubt or stood):
        outcome = _asked_once_more(sitting, said, turn_id, doubt=doubt)
    turn_id = _settle(sitting, said, outcome, turn_id, at=at)
    by = actor(seat, sitting)
    if counts:
        given = _new_answer(sitting, said, seat, stood)
        turns.store_answer(sitting, given, turn_id=turn_id, by=by, at=at)
    raised = _raised(said, worded(sitting, said, stood))
    turns.raise_in_turn(sitting, raised, position=said.position, by=by, at=at)
    if too_late:
        stop(sitting, Screening.Status.EXPIRED, by=Actor.system("expiry"), at=at)
    turns.close_turn(sitting)
    return Taken(outcome, sitting)


def _raised(said: Said, instrument: Instrument) -> tuple[flags.RaisedFlag, ...]:
    """Return what this answer raises. Every turn is a flag of its own: a 1 changed
    to a 3 is seen, a 3 changed to a 0 stays, and a 2 that comes back after a
    clinician closed the case opens it again."""
    rules = definitions.flag_rules()
    found = flags.on_answer(rules, instrument, said.link_id, said.value)
    return tuple(replace(f, key=f"{f.rule}:{said.key}") for f in found)


def _decide(
    sitting: Sitting, said: Said, *, too_late: bool, at: datetime
) -> tuple[bool, Outcome]:
    """Return whether the answer counts, and where the turn leads."""
    if not sitting.screening.is_open:
        return False, Outcome(to="done")
    if too_late:
        return False, Outcome(to="expired")
    here = dialogue.Step(part=said.position, link_id=said.link_id)
    current = sitting.given.get(said.position, {}).get(said.link_id)
    if current is not None and current.seq != said.base_seq:
        if current.value == said.value:
            return False, _onward(sitting, here)
        note = "answered-elsewhere"
        return False, Outcome.at_step("question", sitting, here, note=note)
    _remember(sitting, said, at=at)
    return True, _onward(sitting, here)


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


def _asked_once_more(
    sitting: Sitting, said: Said, turn_id: uuid.UUID | None, *, doubt: bool
) -> Outcome:
    """Ask an item again whose answer is kept as it was given: other words stand beside
    it, or it was read in another language than its form has by now."""
    here = dialogue.Step(part=said.position, link_id=said.link_id)
    if not doubt:
        return Outcome.at_step("question", sitting, here, note="other-language")
    turn = str(turn_id or "")
    return Outcome.at_step("again", sitting, here, turn=turn, note="tapped_and_typed")


def _settle(
    sitting: Sitting,
    said: Said,
    outcome: Outcome,
    turn_id: uuid.UUID | None,
    *,
    at: datetime,
) -> uuid.UUID:
    """Store the turn, or say of one whose words were kept where it led."""
    if turn_id is not None:
        turns.settle_turn(turn_id=turn_id, outcome=outcome.to_dict())
        return turn_id
    return turns.keep_turn(
        sitting,
        key=said.key,
        kind=said.kind,
        position=said.position,
        link_id=said.link_id,
        words="",
        digest=said.digest,
        outcome=outcome.to_dict(),
        at=at,
    ).id


def _new_answer(
    sitting: Sitting, said: Said, seat: Seat, stood: Definition | None
) -> turns.NewAnswer:
    """Return the answer to store; it is "confirmed" only if it was proposed."""
    shown = dict(said.shown)
    typed = [
        turn
        for turn in sitting.turns.values()
        if str(turn.id) == said.words_turn and turn.link_id == said.link_id
    ]
    confirmed = bool(typed)
    if confirmed:
        shown["words_turn"] = said.words_turn
    if confirmed and typed[0].outcome.get("note") == BY_MODEL:
        # Beside the answer for good: who read the words, and what was read in them.
        shown["proposed"] = {"by": BY_MODEL, "values": typed[0].outcome["values"]}
    if "wordings" in shown:
        instrument = worded(sitting, said, stood)
        shown["texts"] = _texts_shown(sitting, said, instrument, shown["wordings"])
    origin = Answer.Origin.CONFIRMED if confirmed else Answer.Origin.TAPPED
    if isinstance(seat, Entering):
        origin = Answer.Origin.STAFF
    return turns.NewAnswer(
        position=said.position,
        link_id=said.link_id,
        value=said.value,
        origin=origin,
        shown=shown,
        seconds=said.seconds,
        asked_as=stood,
    )


def _texts_shown(
    sitting: Sitting, said: Said, instrument: Instrument, keys: list[str]
) -> dict[str, str]:
    """Return the help texts that stood on the page, word for word: the library
    changes, and the record has to say what this patient saw."""
    item = instrument.item(said.link_id)
    return library.as_shown(sitting.screening.clinic, item, instrument, keys)
