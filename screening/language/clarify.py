"""A patient's question about an item: a gated explanation, or the reviewed one.

The reviewed explanation is always there and is what the model may draw on. A model is
asked only where the caller allows it, once, and what it says is shown only if the gate
lets it pass. Never raises, never takes longer than the deadline.
"""

import time
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.domain.instruments import Instrument, Item
from screening.language import client, gate, prompts, redact, safety, scope, wording

Source = Literal["model", "reviewed"]
PROMPT = "clarify-1"
LONGEST_QUESTION = 300
LANGUAGES = {"en": "English", "es": "Spanish (US), with usted"}


class Explanation(BaseModel):
    """The one shape in which a model may answer."""

    model_config = ConfigDict(extra="forbid")
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of a model, for its row; holds nothing that a patient wrote."""

    purpose: str
    link_id: str
    instrument_id: str
    model: str
    prompt_id: str
    prompt_hash: str
    latency_ms: int
    tokens_in: int
    tokens_out: int
    outcome: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clarified:
    """What the patient reads, where it comes from, and the calls it took.

    `note` stands before the text: what we do not answer, and who does.
    """

    text: str
    source: Source
    calls: tuple[CallRecord, ...] = ()
    note: str = ""
    note_id: str = ""


def clarify(
    question: str, item: Item, instrument: Instrument, *, use_model: bool
) -> Clarified:
    """How to read an item, in answer to a question about it."""
    reviewed = wording.explanation(item, instrument)
    if reviewed is None:
        name = "no_explanation" if item.wordable else "never_worded"
        note = wording.note(name, instrument.language)
        return Clarified("", "reviewed", note=note, note_id=name)
    if scope.is_outside(question, instrument.language):
        note = wording.note("out_of_scope", instrument.language)
        return Clarified(reviewed.text, "reviewed", note=note, note_id="out_of_scope")
    # Words that worry us are for a person to read, and never for a model.
    if not use_model or safety.find(question, instrument.language).level != "none":
        return Clarified(reviewed.text, "reviewed")
    return _asked(question, item, instrument, reviewed)


@dataclass(frozen=True, slots=True)
class ReviewedAnswer:
    """One shipped text that answers a question, by the key it is signed under."""

    id: str
    text: str


def reviewed_answers(
    question: str, item: Item, instrument: Instrument
) -> tuple[ReviewedAnswer, ...]:
    """The shipped texts for a question, the best first; never empty, never a model."""
    found = clarify(question, item, instrument, use_model=False)
    short = instrument.language.split("-")[0]
    answers = []
    if found.note:
        answers.append(ReviewedAnswer(f"{short}/{found.note_id}", found.note))
    if found.text:
        reviewed = wording.explanation(item, instrument)
        key = reviewed.key if reviewed else ""
        answers.append(ReviewedAnswer(key, found.text))
    return tuple(answers)


def _asked(
    question: str, item: Item, instrument: Instrument, reviewed: wording.HelpText
) -> Clarified:
    config = client.current_config()
    if not config.configured:
        return Clarified(reviewed.text, "reviewed")
    prompt = _prompt(question, item, instrument, reviewed)
    began = time.monotonic()
    try:
        reply = client.complete("clarify", prompt, Explanation)
    except client.LanguageError as error:
        spent = round((time.monotonic() - began) * 1000)
        call = _record(item, instrument, prompt, config.model, spent, error.reason)
        return Clarified(reviewed.text, "reviewed", (call,))
    return _gated(reply, item, instrument, prompt, reviewed)


def _gated(
    reply: client.Reply[Explanation],
    item: Item,
    instrument: Instrument,
    prompt: prompts.Prompt,
    reviewed: wording.HelpText,
) -> Clarified:
    text = reply.value.explanation.strip()
    verdict = gate.check_explanation(text, item, instrument)
    call = _record(
        item,
        instrument,
        prompt,
        reply.model,
        reply.latency_ms,
        "shown" if verdict.passed else "gated_out",
        tokens=(reply.tokens_in, reply.tokens_out),
        verdicts=verdict.checks,
    )
    if verdict.passed:
        return Clarified(text, "model", (call,))
    return Clarified(reviewed.text, "reviewed", (call,))


def _prompt(
    question: str, item: Item, instrument: Instrument, reviewed: wording.HelpText
) -> prompts.Prompt:
    """The official words and the reviewed facts; of the patient, one redacted question.

    Redacted before it is cut, so that no identifier is cut in half and left over.
    """
    return prompts.build(
        PROMPT,
        facts={
            "instruction": instrument.instruction,
            "item": item.text,
            "time_frame": instrument.time_frame,
            "explanation": reviewed.text,
            "language": LANGUAGES[instrument.language.split("-")[0]],
        },
        data={"question": redact.redact(question[:2000])[:LONGEST_QUESTION]},
    )


def _record(
    item: Item,
    instrument: Instrument,
    prompt: prompts.Prompt,
    model: str,
    latency_ms: int,
    outcome: str,
    *,
    tokens: tuple[int, int] = (0, 0),
    verdicts: tuple[str, ...] = (),
) -> CallRecord:
    return CallRecord(
        purpose="clarify",
        link_id=item.link_id,
        instrument_id=instrument.id,
        model=model,
        prompt_id=prompt.id,
        prompt_hash=prompt.hash,
        latency_ms=latency_ms,
        tokens_in=tokens[0],
        tokens_out=tokens[1],
        outcome=outcome,
        verdicts=verdicts,
    )
