"""Has a model put an item in plainer words, and the gate judge what it says.

Nothing about any patient goes into such a call: an item, its options, a level. What
comes back is a proposal with its verdicts, for a row; nothing is shown from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from screening.domain.instruments import Instrument, Item
from screening.domain.wordings import Level
from screening.language import calls, client, gating, prompts, tables
from screening.language.budget import Allowance
from screening.language.calls import CallRecord

PURPOSE = "paraphrase"
PROMPT = "paraphrase-1"
LANGUAGES: Mapping[str, str] = {
    "en": "plain US English",
    "es": "plain US Spanish, with usted",
}
LEVELS: Mapping[Level, str] = {
    Level.PLAIN: "everyday words, one sentence if it stays clear (about school grade 7)",
    Level.EASY: "the easiest words and short sentences (about school grade 4)",
}


class Paraphrase(BaseModel):
    """The one shape in which a model may propose."""

    model_config = ConfigDict(extra="forbid")
    paraphrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call: the text and what the gate says of it, or why there is none."""

    text: str
    judged: gating.Judged | None
    reason: str
    final: bool
    prompt: prompts.Prompt
    call: CallRecord

    @property
    def model(self) -> str:
        """The model that answered, or was to."""
        return self.call.model


def configured() -> bool:
    """Whether there is a model to ask at all."""
    return client.current_config().configured


def propose(
    item: Item,
    instrument: Instrument,
    level: Level,
    *,
    allowance: Allowance | None = None,
) -> Attempt:
    """Ask once for one paraphrase. Never raises for what a model or server does."""
    if item.safety or not item.wordable:
        raise ValueError(f"{item.link_id} is never put in other words.")
    prompt = build_prompt(item, instrument, level)
    asked = calls.ask(
        PURPOSE,
        prompt,
        Paraphrase,
        item=item,
        instrument=instrument,
        allowance=allowance,
    )
    if asked.value is None:
        return _none(asked.record, prompt)
    text = " ".join(asked.value.paraphrase.split())
    judged = gating.paraphrase(text, item.concept, instrument.language)
    outcome = "proposed" if judged.passed else "gated_out"
    checks = tuple(sorted({check for check, _ in judged.verdicts}))
    return Attempt(
        text=text,
        judged=judged,
        reason="" if text else "empty",
        final=False,
        prompt=prompt,
        call=asked.record.ended(outcome if text else "empty", checks),
    )


def _none(call: CallRecord, prompt: prompts.Prompt) -> Attempt:
    """No text came; only a model that would not is not asked again."""
    return Attempt(
        text="",
        judged=None,
        reason=call.outcome,
        final=call.outcome == "refused",
        prompt=prompt,
        call=call,
    )


def build_prompt(item: Item, instrument: Instrument, level: Level) -> prompts.Prompt:
    """The official words, the level, and the rules; the same for every patient."""
    short = tables.short(instrument.language)
    return prompts.build(
        PROMPT,
        facts={
            "instruction": instrument.instruction if item.scored else "",
            "item": item.text,
            "time_frame": instrument.time_frame if item.scored else "none is named",
            "options": "; ".join(option.text for option in item.options),
            "language": LANGUAGES[short],
            "level": LEVELS[level],
        },
        data={"wanted": "paraphrase", "level": level.value, "language": short},
    )
