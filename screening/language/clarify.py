"""A patient's question about an item: a gated explanation, or the reviewed one.

The reviewed explanation is always there and is what the model may draw on. A model is
asked only where the caller allows it, once, and what it says is shown only if the gate
lets it pass. Never raises, never takes longer than the deadline.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.domain.instruments import Instrument, Item
from screening.language import (
    calls,
    client,
    gate,
    prompts,
    redact,
    safety,
    scope,
    wording,
)
from screening.language.budget import Allowance
from screening.language.calls import CallRecord

Source = Literal["model", "reviewed"]
PROMPT = "clarify-1"
LONGEST_QUESTION = 300


class Explanation(BaseModel):
    """The one shape in which a model may answer."""

    model_config = ConfigDict(extra="forbid")
    explanation: str


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
    question: str,
    item: Item,
    instrument: Instrument,
    *,
    use_model: bool,
    allowance: Allowance | None = None,
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
    return _asked(question, item, instrument, reviewed, allowance)


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
    question: str,
    item: Item,
    instrument: Instrument,
    reviewed: wording.HelpText,
    allowance: Allowance | None,
) -> Clarified:
    if not client.current_config().configured:
        return Clarified(reviewed.text, "reviewed")
    asked = calls.ask(
        "clarify",
        build_prompt(question, item, instrument, reviewed),
        Explanation,
        item=item,
        instrument=instrument,
        allowance=allowance,
    )
    if asked.value is None:
        return Clarified(reviewed.text, "reviewed", (asked.record,))
    text = asked.value.explanation.strip()
    verdict = gate.check_explanation(text, item, instrument)
    if verdict.passed:
        return Clarified(text, "model", (asked.record.ended("shown"),))
    record = asked.record.ended("gated_out", verdict.checks)
    return Clarified(reviewed.text, "reviewed", (record,))


def build_prompt(
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
            "language": prompts.language_name(instrument.language),
        },
        data={"question": redact.redact(question[:2000])[:LONGEST_QUESTION]},
    )
