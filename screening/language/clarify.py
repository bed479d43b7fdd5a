"""A patient's question about an item: the reviewed explanations that fit it, or a model's.

Reviewed texts come first. A model is asked only where the caller allows it and no
reviewed text fits, closed-book on the item's reviewed texts, once; what it says is shown
only if the gate lets it pass. Never raises, never takes longer than the deadline.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.domain.instruments import Instrument, Item
from screening.language import (
    calls,
    client,
    explanations,
    gate,
    prompts,
    questions,
    redact,
    safety,
)
from screening.language.budget import Allowance
from screening.language.calls import CallRecord
from screening.language.explanations import Note
from screening.language.wording import HelpText

Source = Literal["model", "reviewed"]
# Which of these texts a clinic lets its patients read.
Showable = Callable[[Sequence[HelpText]], Sequence[HelpText]]
PROMPT = "clarify-2"
LONGEST_QUESTION = 300
OFFERED = 3


class Explanation(BaseModel):
    """The one shape in which a model may answer."""

    model_config = ConfigDict(extra="forbid")
    explanation: str


@dataclass(frozen=True, slots=True)
class Clarified:
    """What the patient reads, where it comes from, and the calls it took.

    `note` stands before the text: what we do not answer, and who does. `shown` is the
    reviewed text that `text` is; `offered` are others to choose from.
    """

    text: str = ""
    source: Source = "reviewed"
    calls: tuple[CallRecord, ...] = ()
    note: Note | None = None
    shown: HelpText | None = None
    offered: tuple[HelpText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What may be used for an answer: which texts, and a model with what it may cost."""

    model: bool = False
    allowance: Allowance | None = None
    showable: Showable = tuple


NO_MODEL = Leave()


def clarify(
    question: str, item: Item, instrument: Instrument, *, leave: Leave = NO_MODEL
) -> Clarified:
    """How to read an item, in answer to a question about it."""
    texts = explanations.of_item(item, instrument)
    if not texts:
        name = "no_explanation" if item.wordable else "never_worded"
        return Clarified(note=explanations.note(name, instrument.language))
    asked = questions.read(question, instrument.language)
    if asked.refused:
        note = explanations.note(asked.refused, instrument.language)
        return _reviewed(leave.showable([texts["meaning"]])[:1], note=note)
    ranked = [texts[intent] for intent in asked.intents if intent in texts]
    found = leave.showable(ranked)[:OFFERED]
    if not found or not asked.known:
        made = _by_model(question, item, instrument, leave)
        if made.text:
            return made
        return Clarified(calls=made.calls, offered=tuple(found))
    # The text that was meant may not be signed: then the next best are only offered.
    if asked.sure and found[0] == ranked[0]:
        return _reviewed(found)
    return Clarified(offered=tuple(found))


def further(
    question: str, item: Item, instrument: Instrument, *, leave: Leave = NO_MODEL
) -> Clarified:
    """What to say when none of the reviewed texts was what was meant."""
    texts = explanations.of_item(item, instrument)
    if not texts:
        return clarify(question, item, instrument)
    made = _by_model(question, item, instrument, leave)
    if made.text:
        return made
    note = explanations.note("unmatched", instrument.language)
    return _reviewed(leave.showable([texts["meaning"]])[:1], note=note, of=made.calls)


def _reviewed(
    found: Sequence[HelpText],
    *,
    note: Note | None = None,
    of: tuple[CallRecord, ...] = (),
) -> Clarified:
    if not found:
        return Clarified(note=note, calls=of)
    shown, *others = found
    return Clarified(
        shown.text, note=note, shown=shown, offered=tuple(others), calls=of
    )


def reviewed_answers(
    question: str, item: Item, instrument: Instrument
) -> tuple[Note, ...]:
    """Up to three shipped texts for a question, the best first; never a model's.

    These are what the page shows or offers; a refusal stands before what the item
    means, and before what else was asked, if a rule says so.
    """
    texts = explanations.of_item(item, instrument)
    found = clarify(question, item, instrument)
    asked = questions.read(question, instrument.language)
    kinds = [intent for intent in asked.intents if intent in texts]
    if found.note is not None:
        kinds = ["meaning", *(kind for kind in kinds if kind in asked.by_rule)]
    listed = [texts[kind] for kind in dict.fromkeys(kinds) if kind in texts]
    answers = [Note(text.key, text.text) for text in listed]
    return tuple([found.note, *answers] if found.note else answers)[:OFFERED]


def _by_model(
    question: str, item: Item, instrument: Instrument, leave: Leave
) -> Clarified:
    """What a model says, if it may be asked and the gate lets it pass; else nothing."""
    # Words that worry us are for a person to read, and never for a model.
    worries = safety.find(question, instrument.language).level != "none"
    outside = questions.read(question, instrument.language).refused
    if not leave.model or worries or outside or not client.current_config().configured:
        return Clarified()
    asked = calls.ask(
        "clarify",
        build_prompt(question, item, instrument),
        Explanation,
        item=item,
        instrument=instrument,
        allowance=leave.allowance,
    )
    if asked.value is None:
        return Clarified(calls=(asked.record,))
    text = asked.value.explanation.strip()
    verdict = gate.check_explanation(text, item, instrument)
    if verdict.passed:
        return Clarified(text, "model", (asked.record.ended("shown"),))
    return Clarified(calls=(asked.record.ended("gated_out", verdict.checks),))


def build_prompt(
    question: str, item: Item, instrument: Instrument, *, prompt_id: str = PROMPT
) -> prompts.Prompt:
    """The official words and the reviewed facts; of the patient, one redacted question.

    Redacted before it is cut, so that no identifier is cut in half and left over.
    """
    facts = explanations.of_item(item, instrument).values()
    return prompts.build(
        prompt_id,
        facts={
            "instruction": instrument.instruction,
            "item": item.text,
            "time_frame": instrument.time_frame,
            "facts": "\n".join(f"- {fact.text}" for fact in facts),
            "language": prompts.language_name(instrument.language),
        },
        data={"question": redact.redact(question[:2000])[:LONGEST_QUESTION]},
    )
