"""Asks a model and keeps what the call's row says: never an identity, score or answer."""

import time
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic

from screening.domain.instruments import Instrument, Item
from screening.language import budget, client
from screening.language.budget import Allowance, Spend
from screening.language.prompts import Prompt
from screening.language.replies import Answer, Usage

MOST_TOKENS = 10_000_000  # what a server says is read, not believed


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of a model, for its row; holds nothing that a patient wrote.

    `charged` is what the budget counts: what the server said, or, where it may
    bill and did not say, the worst that it can have been.
    """

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
    verdicts: tuple[str, ...] = ()
    charged: int = 0
    cost: Decimal | None = None

    def ended(self, outcome: str, verdicts: tuple[str, ...] = ()) -> "CallRecord":
        """The same call, with what was made of the answer."""
        return replace(self, outcome=outcome, verdicts=verdicts)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Answer]):
    """The answer, if one came, and the record of the call."""

    value: Answer | None
    record: CallRecord


def ask(
    purpose: str,
    prompt: Prompt,
    schema: type[Answer],
    *,
    item: Item,
    instrument: Instrument,
    allowance: Allowance | None,
) -> Asked[Answer]:
    """Ask the configured model about an item. Never raises, whatever comes back."""
    config = client.current_config()
    record = CallRecord(
        purpose=purpose,
        link_id=item.link_id,
        instrument_id=instrument.id,
        model=config.model[:100],
        prompt_id=prompt.id,
        prompt_hash=prompt.hash,
        latency_ms=0,
        tokens_in=0,
        tokens_out=0,
        outcome="answered",
    )
    began = time.monotonic()
    try:
        reply = client.complete(purpose, prompt, schema, allowance=allowance)
    except client.LanguageError as error:
        took = round((time.monotonic() - began) * 1000)
        failed = replace(record, outcome=error.reason, latency_ms=took)
        if not error.billed:
            return Asked(None, _spent(failed, budget.NOTHING))
        return Asked(None, _charged(failed, error.usage, prompt, config))
    answered = replace(record, model=reply.model, latency_ms=reply.latency_ms)
    return Asked(reply.value, _charged(answered, reply.usage, prompt, config))


def _charged(
    record: CallRecord,
    usage: Usage | None,
    prompt: Prompt,
    config: client.ClientConfig,
) -> CallRecord:
    if usage is None:
        return _spent(record, budget.worst_case(prompt, config))
    said = (usage.prompt_tokens, usage.completion_tokens)
    tokens_in, tokens_out = (min(max(0, count), MOST_TOKENS) for count in said)
    counted = replace(record, tokens_in=tokens_in, tokens_out=tokens_out)
    return _spent(counted, Spend.of(tokens_in, tokens_out, config.prices))


def _spent(record: CallRecord, spend: Spend) -> CallRecord:
    return replace(record, charged=spend.tokens, cost=spend.cost)
