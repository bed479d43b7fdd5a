"""Makes of free words a proposal, a question back or an explanation."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from screening.actions import turns, wordings
from screening.domain.dialogue import Step
from screening.domain.instruments import Instrument
from screening.engine import calling, explaining
from screening.engine.values import BY_MODEL, Outcome, Said
from screening.language import client, interpret, meaning, proposing, safety
from screening.language.calls import CallRecord
from screening.models.sitting import Sitting


def understand(
    sitting: Sitting,
    said: Said,
    turn_id: uuid.UUID,
    finding: safety.Finding,
    *,
    instrument: Instrument,
    at: datetime,
) -> Outcome:
    """Return a page that asks "is that right?", asks back, or explains.

    Never an answer: nothing counts until the patient confirms it. `instrument` is in
    the words that the page showed.
    """
    concern = finding.level == "concern"
    item = instrument.item(said.link_id)
    meant = meaning.read(said.words, instrument, item)
    if isinstance(meant, meaning.Question):
        # Explained beneath the question as the page has it from now on.
        here = sitting.item(said.position, said.link_id)
        return explaining.explain(sitting, said, turn_id, here, concern=concern, at=at)
    # From words that a rule knows no option is proposed: the item is asked again.
    # What only lies near an example is flagged, and may well be an answer.
    by_rule = concern and not finding.by_example
    read = _Read("again", note="unclear") if by_rule else _read(meant)
    if isinstance(meant, interpret.Unclear) and finding.level == "none":
        read = _read_by_model(sitting, said, instrument, at=at)
    result = read.result or type(meant).__name__
    return _settle(sitting, said, turn_id, read, result, concern=concern, at=at)


def _settle(
    sitting: Sitting,
    said: Said,
    turn_id: uuid.UUID,
    read: "_Read",
    result: str,
    *,
    concern: bool,
    at: datetime,
) -> Outcome:
    """Second commit: where the words led, and the calls that it took."""
    outcome = Outcome.at_step(
        read.to,
        sitting,
        Step(part=said.position, link_id=said.link_id),
        turn=str(turn_id),
        note=read.note,
        concern=concern,
        values=read.values,
        shown=tuple(said.shown.get("wordings", ())),
    )
    made = {"result": result, "values": list(read.values), "note": read.note}
    with transaction.atomic():
        wordings.save_calls(calling.rows(sitting, read.calls, at=at))
        turns.settle_turn(
            turn_id=turn_id, outcome=outcome.to_dict(), interpretation=made
        )
    return outcome


@dataclass(frozen=True, slots=True)
class _Read:
    """What was made of words: the page it leads to, options, reason, calls it took."""

    to: str
    values: tuple[int, ...] = ()
    note: str = ""
    result: str = ""
    calls: tuple[CallRecord, ...] = ()


def _read_by_model(
    sitting: Sitting, said: Said, instrument: Instrument, *, at: datetime
) -> _Read:
    """Return a model's proposal where rules read nothing, or ask again at once."""
    asked_again = _Read("again", note="unclear")
    item = instrument.item(said.link_id)
    if (
        not calling.may_read_words(sitting, item)
        or not client.current_config().configured
    ):
        return asked_again
    proposal = proposing.propose(
        said.words,
        item,
        instrument,
        allowance=calling.allowance(sitting.screening.clinic, at=at),
    )
    if proposal.value is None:
        return replace(asked_again, calls=proposal.calls)
    return _Read(
        "confirm", (proposal.value,), BY_MODEL, "ProposedByModel", proposal.calls
    )


def _read(meant: interpret.Meaning) -> _Read:
    """Return what the rules made of words."""
    match meant:
        case interpret.Proposed(value=value):
            return _Read("confirm", (value,))
        case interpret.Declined():
            return _Read("confirm", note="declined")
        case interpret.AskBack(values=values, reason_code=reason):
            return _Read("again", tuple(values), reason)
        case interpret.Unclear():
            return _Read("again", note="unclear")


def contradicts(said: Said, instrument: Instrument) -> bool:
    """Return whether the words beside a tapped option plainly name another one.

    "Not at all" beside words that only fit a higher answer is doubted too: a lowered
    answer is the one that nobody follows up.
    """
    match meaning.read(said.words, instrument, instrument.item(said.link_id)):
        case interpret.Proposed(value=value):
            return value != said.value
        case interpret.AskBack(values=values):
            return said.value == 0 and bool(values) and 0 not in values
        case _:
            return False
