"""Answers, words, scores and history to flags; nothing here lowers or removes one."""

import hashlib
from collections.abc import Iterable
from typing import Literal

from screening.domain.conditions import Answers
from screening.domain.questionnaire import Instrument
from screening.domain.raised import Evidence, RaisedFlag, raise_flag
from screening.domain.rules import Rule, Tier, build_rules, check_rules, tier_rank
from screening.domain.score_flags import PastScore, on_score

__all__ = [
    "Evidence",
    "PastScore",
    "RaisedFlag",
    "Rule",
    "Tier",
    "build_rules",
    "check_rules",
    "on_answer",
    "on_call_asked",
    "on_score",
    "on_stop",
    "on_words",
    "tier_rank",
]

Level = Literal["urgent", "concern", "model"]
How = Literal["stopped", "expired", "withdrawn", "cancelled"]
_HOW_TEXT = {
    "stopped": "the patient then stopped",
    "expired": "the screening then expired unfinished",
    "withdrawn": "the patient then withdrew",
    "cancelled": "staff then cancelled the entry",
}


def on_answer(
    rules: Iterable[Rule], instrument: Instrument, link_id: str, value: int | None
) -> tuple[RaisedFlag, ...]:
    """Flags of one answer, raised at the answer; None is "prefer not to answer"."""
    kind = "answer_declined" if value is None else "answer_at_least"
    return tuple(
        raise_flag(rule, _answer_evidence(instrument, link_id, value), link_id)
        for rule in rules
        if rule.kind == kind
        and link_id in rule.params["link_ids"]
        and (value is None or value >= rule.params["at_least"])
    )


def on_words(
    rules: Iterable[Rule],
    level: Level,
    words: tuple[str, ...],
    rule_ids: tuple[str, ...],
) -> tuple[RaisedFlag, ...]:
    """Flags of what was written; the same language rules raise one flag, not two.

    Give `rule_ids` a turn's key where no language rule matched (the level "model").
    """
    detail = f"Found by {', '.join(rule_ids)}" if rule_ids else "Found in the words"
    evidence = Evidence(detail=detail, words=words)
    # A digest, since the ids of many rules would not fit a key column.
    seen = "\n".join(sorted(rule_ids))
    suffix = hashlib.sha256(seen.encode()).hexdigest()[:16]
    return tuple(
        raise_flag(rule, evidence, suffix)
        for rule in rules
        if rule.kind == "words" and rule.params["level"] == level
    )


def on_call_asked(rules: Iterable[Rule], *, before: int) -> tuple[RaisedFlag, ...]:
    """Flags of a patient who asks to be called, having done so `before` times."""
    evidence = Evidence(detail="The patient asked the clinic to call")
    return tuple(
        raise_flag(rule, evidence, str(before + 1))
        for rule in rules
        if rule.kind == "call_asked"
    )


def on_stop(
    rules: Iterable[Rule], instrument: Instrument, answers: Answers, *, how: How
) -> tuple[RaisedFlag, ...]:
    """Flags of a screening left behind after a safety item was endorsed or declined."""
    return tuple(
        raise_flag(rule, _answer_evidence(instrument, link_id, value, how=how), link_id)
        for rule in rules
        if rule.kind == "answered_then_stopped"
        for link_id, value in answers.items()
        if link_id in rule.params["link_ids"]
        and (value is None or value >= rule.params["at_least"])
    )


def _answer_evidence(
    instrument: Instrument, link_id: str, value: int | None, *, how: How | None = None
) -> Evidence:
    item = instrument.item(link_id)
    option_text = None if value is None else item.option(value).text
    said = "declined" if value is None else f'"{option_text}" (value {value})'
    after = "" if how is None else f"; {_HOW_TEXT[how]}"
    return Evidence(
        detail=f"{instrument.short_name} item {item.number}: {said}{after}",
        link_id=link_id,
        item_text=item.text,
        value=value,
        option_text=option_text,
    )
