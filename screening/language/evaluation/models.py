"""Models and prompts side by side: what is usable, how fast, and at what cost.

Asks the configured server through the one door, without a clinic's budget. What a
model says goes through the same gate and vetoes as in a patient's turn.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from screening.language import budget, clarify, client, gate, prompts, proposing, redact
from screening.language.answers import item_named, text_of
from screening.language.client import Door
from screening.language.configuration import ClientConfig, Prices
from screening.language.evaluation.judging import OUTSIDE
from screening.language.evaluation.sets import LANGUAGES, Row
from screening.language.replies import Usage

PROMPTS: Mapping[str, str] = {
    "interpret": proposing.PROMPT,
    "clarify": clarify.PROMPT,
}
NOT_FOR_A_MODEL = OUTSIDE | {"never_worded"}


@dataclass(frozen=True, slots=True)
class Trial:
    """One call: `usable` if it would reach a patient; `right` and `wrong` by the label.

    None where only a person can judge. Times are in milliseconds, tokens those that the
    server told of; `cost` is None where the prices are not set.
    """

    usable: bool
    right: bool | None
    wrong: bool | None
    latency_ms: int
    tokens: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Contender:
    """A model with a prompt of one purpose."""

    purpose: str
    model: str
    prompt: str


def contenders(models: Sequence[str], prompt_ids: Sequence[str]) -> list[Contender]:
    """Every model with every prompt; raises ValueError for a prompt nobody wrote."""
    for prompt_id in prompt_ids:
        known = prompts.available()
        purpose = prompt_id.rsplit("-", 1)[0]
        if prompt_id not in known or purpose not in PROMPTS:
            usable = [one for one in known if one.rsplit("-", 1)[0] in PROMPTS]
            raise ValueError(
                f"{prompt_id!r} is none of the prompts: {', '.join(usable)}."
            )
    return [
        Contender(prompt_id.rsplit("-", 1)[0], model, prompt_id)
        for prompt_id in prompt_ids or tuple(PROMPTS.values())
        for model in models
    ]


def chosen(rows: Sequence[Row], purpose: str, most: int) -> list[Row]:
    """Up to so many rows a language, spread over the set, that a model may be asked."""
    fit = [row for row in rows if purpose == "interpret" or _about_an_item(row)]
    found: list[Row] = []
    for lang in LANGUAGES if most > 0 else ():
        own = [row for row in fit if row["lang"] == lang]
        step = max(1, len(own) // most)
        found += own[::step][:most]
    return found


def _about_an_item(row: Row) -> bool:
    return not {row["intent"], *row.get("also", ())} & NOT_FOR_A_MODEL


def tried(
    contender: Contender, rows: Sequence[Row], config: ClientConfig
) -> list[Trial]:
    """One call a row. A server that is down is a trial that was not usable."""
    own = replace(config, model=contender.model)
    # Without the pause of an open circuit: every row is to be asked.
    door = Door(replace(own, failures_to_open=len(rows) + 1))
    ask = {"interpret": _interpret, "clarify": _clarify}[contender.purpose]
    asked = partial(ask, door, contender.prompt)
    return [_timed(asked, row, config.prices) for row in rows]


@dataclass(frozen=True, slots=True)
class _Said:
    usable: bool
    right: bool | None
    wrong: bool | None
    usage: Usage | None


NO_ANSWER = _Said(usable=False, right=False, wrong=False, usage=None)


def _timed(ask: Callable[[Row], _Said], row: Row, prices: Prices | None) -> Trial:
    began = time.monotonic()
    said = ask(row)
    took = round((time.monotonic() - began) * 1000)
    usage = said.usage or Usage()
    spent = budget.Spend.of(usage.prompt_tokens, usage.completion_tokens, prices)
    return Trial(said.usable, said.right, said.wrong, took, spent.tokens, spent.cost)


def _interpret(door: Door, prompt_id: str, row: Row) -> _Said:
    instrument, item = item_named(row)
    seen = redact.redact(text_of(row))[: proposing.LONGEST_REPLY]
    prompt = proposing.build(seen, item, instrument, prompt_id=prompt_id)
    try:
        reply = door.complete("interpret", prompt, proposing.Read)
    except client.LanguageError:
        return NO_ANSWER
    value, _veto = proposing.judged(reply.value, seen, item, instrument)
    accepted = {row["outcome"], *row.get("also", ())}
    proposed = value is not None
    right = "option" in accepted and value == row["value"]
    if not proposed:
        right = bool(accepted - {"option"})
    return _Said(proposed, right, proposed and not right, reply.usage)


def _clarify(door: Door, prompt_id: str, row: Row) -> _Said:
    instrument, item = item_named(row)
    prompt = clarify.build_prompt(text_of(row), item, instrument, prompt_id=prompt_id)
    try:
        reply = door.complete("clarify", prompt, clarify.Explanation)
    except client.LanguageError:
        return NO_ANSWER
    text = reply.value.explanation.strip()
    # Whether a gated text answers the question is for a person to judge.
    passed = gate.check_explanation(text, item, instrument).passed
    return _Said(passed, None, None, reply.usage)
