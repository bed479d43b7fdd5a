"""Makes of free words a proposal, a question back or an explanation."""

import uuid
from datetime import datetime

from django.db import transaction

from screening.actions import turns, wordings
from screening.domain.dialogue import Step
from screening.domain.instruments import Item
from screening.engine.values import Outcome, Said
from screening.language import clarify, interpret, safety
from screening.models import ModelCall
from screening.models.sitting import Sitting


def understand(
    sitting: Sitting,
    said: Said,
    turn_id: uuid.UUID,
    finding: safety.Finding,
    *,
    at: datetime,
) -> Outcome:
    """Return a page that asks "is that right?", asks back, or explains.

    Never an answer: nothing counts until the patient confirms it.
    """
    concern = finding.level == "concern"
    item = sitting.item(said.position, said.link_id)
    instrument = sitting.instrument(said.position)
    if interpret.is_question(said.words, instrument.language):
        return _explain(sitting, said, turn_id, item, concern=concern, at=at)
    meant = interpret.interpret(said.words, instrument, item)
    # From words that a rule knows no option is proposed: the item is asked again.
    # What only lies near an example is flagged, and may well be an answer.
    by_rule = concern and not finding.by_example
    to, values, note = ("again", (), "unclear") if by_rule else _read(meant)
    outcome = Outcome.at_step(
        to,
        sitting,
        Step(part=said.position, link_id=said.link_id),
        turn=str(turn_id),
        note=note,
        concern=concern,
        values=values,
        shown=tuple(said.shown.get("wordings", ())),
    )
    made = {"result": type(meant).__name__, "values": list(values), "note": note}
    turns.settle_turn(turn_id=turn_id, outcome=outcome.to_dict(), interpretation=made)
    return outcome


def _read(meant: interpret.Meaning) -> tuple[str, tuple[int, ...], str]:
    """Return (page, option values, reason) for what the rules made of words."""
    match meant:
        case interpret.Proposed(value=value):
            return "confirm", (value,), ""
        case interpret.Declined():
            return "confirm", (), "declined"
        case interpret.AskBack(values=values, reason_code=reason):
            return "again", tuple(values), reason
        case interpret.Unclear():
            return "again", (), "unclear"


def may_ask_model(sitting: Sitting, item: Item) -> bool:
    """Return whether a model may be asked about this item for this patient."""
    clinic = sitting.screening.clinic
    chosen = clinic.ai_enabled and sitting.screening.ai_consent
    return chosen and item.wordable and clinic.wording_policy != "official"


def _explain(
    sitting: Sitting,
    said: Said,
    turn_id: uuid.UUID,
    item: Item,
    *,
    concern: bool,
    at: datetime,
) -> Outcome:
    """Answer a question about an item; the network is reached outside any
    transaction, and never for longer than the deadline."""
    instrument = sitting.instrument(said.position)
    # Words that worry us are for a person to read, never for a model.
    allowed = may_ask_model(sitting, item) and not concern
    made = clarify.clarify(said.words, item, instrument, use_model=allowed)
    outcome = Outcome.at_step(
        "clarified",
        sitting,
        Step(part=said.position, link_id=said.link_id),
        turn=str(turn_id),
        note=made.source,
        concern=concern,
    )
    with transaction.atomic():
        wordings.save_calls(_rows(sitting, item, made, at=at))
        turns.settle_reply(
            turn_id=turn_id,
            outcome=outcome.to_dict(),
            interpretation={"result": "Question", "source": made.source},
            reply=made.text if made.source == "model" else made.note,
        )
    return outcome


def _rows(
    sitting: Sitting, item: Item, made: clarify.Clarified, *, at: datetime
) -> list[ModelCall]:
    return [
        ModelCall(
            clinic_id=sitting.screening.clinic_id,
            screening=sitting.screening,
            purpose=call.purpose,
            link_id=item.link_id,
            instrument_id=call.instrument_id,
            model=call.model,
            prompt_id=call.prompt_id,
            prompt_hash=call.prompt_hash,
            latency_ms=call.latency_ms,
            tokens_in=call.tokens_in,
            tokens_out=call.tokens_out,
            outcome=call.outcome,
            verdicts=list(call.verdicts),
            at=at,
        )
        for call in made.calls
    ]
