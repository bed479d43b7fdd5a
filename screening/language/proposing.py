"""A model's reading of a reply that plain rules could not read: a proposal, or nothing.

Asked only where the caller allows it. What comes back is an option only if the model
quotes the reply letter for letter and the rules hold nothing against it; everything
else is a question back. The patient confirms it, or it never counts.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.domain.instruments import Instrument, Item
from screening.domain.scoring import AnswerRefused
from screening.language import calls, objections, prompts, redact
from screening.language.budget import Allowance
from screening.language.calls import CallRecord

PROMPT = "interpret-1"
# A longer reply is a story. It is not cut: what is cut away may be the "not".
LONGEST_REPLY = 300


class Read(BaseModel):
    """The one shape in which a model may answer."""

    model_config = ConfigDict(extra="forbid")
    option: Literal["0", "1", "2", "3", "ask", "unclear"]
    quote: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One option to be confirmed, or None: ask. And the call that it took, if any."""

    value: int | None
    calls: tuple[CallRecord, ...] = ()


def propose(
    reply: str, item: Item, instrument: Instrument, *, allowance: Allowance | None
) -> Proposal:
    """What a model reads in a reply. Never raises, never longer than the deadline."""
    seen = redact.redact(reply.strip()[: LONGEST_REPLY + 1])
    if len(reply.strip()) > LONGEST_REPLY or not seen:
        return Proposal(None)
    prompt = build(seen, item, instrument)
    asked = calls.ask(
        "interpret",
        prompt,
        Read,
        item=item,
        instrument=instrument,
        allowance=allowance,
    )
    if asked.value is None:
        return Proposal(None, (asked.record,))
    value, verdict = judged(asked.value, seen, item, instrument)
    outcome = "asked" if value is None else "proposed"
    verdicts = (verdict,) if verdict else ()
    return Proposal(value, (asked.record.ended(outcome, verdicts),))


def build(
    seen: str, item: Item, instrument: Instrument, *, prompt_id: str = PROMPT
) -> prompts.Prompt:
    """The official words; of the patient, one redacted reply, as data."""
    options = "\n".join(f"{option.value}: {option.text}" for option in item.options)
    return prompts.build(
        prompt_id,
        facts={
            "instruction": instrument.instruction,
            "item": item.text,
            "time_frame": instrument.time_frame,
            "options": options,
            "language": prompts.language_name(instrument.language),
        },
        data={"reply": seen},
    )


def judged(
    read: Read, seen: str, item: Item, instrument: Instrument
) -> tuple[int | None, str]:
    """Return (option, "") or (None, why it is not one)."""
    if read.option in ("ask", "unclear"):
        return None, read.option
    value, quote = int(read.option), read.quote.strip()
    if sum(letter.isalnum() for letter in quote) < 2 or quote not in seen:
        return None, "not_a_quote"
    try:
        item.option(value)
    except AnswerRefused:
        return None, "not_an_option"
    objection = objections.objection(seen, value, item, instrument)
    return (None, objection) if objection else (value, "")
