"""Answers, words, scores and history to flags; nothing here lowers or removes one."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from screening.domain.change import compare
from screening.domain.conditions import Answers
from screening.domain.questionnaire import Instrument
from screening.domain.rules import Rule, Tier, build_rules, check_rules, tier_rank
from screening.domain.scoring import Score, SubscaleScore

__all__ = [
    "Evidence",
    "PastScore",
    "RaisedFlag",
    "Rule",
    "Tier",
    "build_rules",
    "check_rules",
    "on_answer",
    "on_score",
    "on_stop",
    "on_words",
    "tier_rank",
]

Level = Literal["urgent", "concern", "model"]
How = Literal["stopped", "expired", "withdrawn"]
_HOW_TEXT = {
    "stopped": "the patient then stopped",
    "expired": "the screening then expired unfinished",
    "withdrawn": "the patient then withdrew",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a flag was raised: the item and answer, the words, or the score."""

    detail: str
    link_id: str | None = None
    item_text: str | None = None
    value: int | None = None
    option_text: str | None = None
    words: tuple[str, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        plain = asdict(self)
        plain["words"] = None if self.words is None else list(self.words)
        return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedFlag:
    """A flag to be stored; `key` names it within its screening."""

    rule: str
    version: str
    tier: Tier
    title: str
    evidence: Evidence
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastScore:
    """An earlier total of the same patient."""

    instrument: str
    total: int | None
    complete: bool
    at: datetime


def on_answer(
    rules: Iterable[Rule], instrument: Instrument, link_id: str, value: int | None
) -> tuple[RaisedFlag, ...]:
    """Flags of one answer, raised at the answer; None is "prefer not to answer"."""
    kind = "answer_declined" if value is None else "answer_at_least"
    return tuple(
        _raise(rule, _answer_evidence(instrument, link_id, value), link_id)
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
        _raise(rule, evidence, suffix)
        for rule in rules
        if rule.kind == "words" and rule.params["level"] == level
    )


def on_stop(
    rules: Iterable[Rule], instrument: Instrument, answers: Answers, *, how: How
) -> tuple[RaisedFlag, ...]:
    """Flags of a screening left behind after a safety item was endorsed or declined."""
    return tuple(
        _raise(rule, _answer_evidence(instrument, link_id, value, how=how), link_id)
        for rule in rules
        if rule.kind == "answered_then_stopped"
        for link_id, value in answers.items()
        if link_id in rule.params["link_ids"]
        and (value is None or value >= rule.params["at_least"])
    )


def on_score(
    rules: Iterable[Rule],
    instrument: Instrument,
    score: Score,
    history: Sequence[PastScore],
    *,
    longer_form_done: bool,
    done: Collection[str] = (),
) -> tuple[RaisedFlag, ...]:
    """Flags of a finished score; every threshold that was reached raises its own.

    A short form is silent if its longer form was done: `done` names the instruments
    of the screening and decides rule by rule, `longer_form_done` speaks for them all.
    """
    return tuple(
        _raise(rule, Evidence(detail=detail), instrument.id)
        for rule in rules
        if not _has_longer_form(rule, done, longer_form_done=longer_form_done)
        for detail in _score_details(rule, instrument, score, history)
    )


def _has_longer_form(
    rule: Rule, done: Collection[str], *, longer_form_done: bool
) -> bool:
    longer_forms = rule.params.get("longer_forms", ())
    return any(longer_form_done or name in done for name in longer_forms)


def _raise(rule: Rule, evidence: Evidence, suffix: str) -> RaisedFlag:
    return RaisedFlag(
        rule=rule.id,
        version=rule.version,
        tier=rule.tier,
        title=rule.title,
        evidence=evidence,
        key=f"{rule.id}:{suffix}",
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


def _score_details(
    rule: Rule, instrument: Instrument, score: Score, history: Sequence[PastScore]
) -> Iterator[str]:
    """One sentence for each reason this rule has."""
    if rule.kind == "reliable_worsening":
        yield from _worsening(rule, instrument, score, history)
    if rule.params.get("instrument") != instrument.id:
        return
    if rule.kind == "subscale_positive":
        yield from _subscale_positive(rule, instrument, score.subscales)
    elif score.total is not None:
        threshold, source = _threshold(rule, instrument)
        if score.total >= threshold:
            yield f"{_total_text(instrument, score)}; from {threshold} on ({source})"


def _threshold(rule: Rule, instrument: Instrument) -> tuple[int, str]:
    """The number stands once, in the instrument; check_rules proves it is there."""
    if rule.kind == "at_band":
        (band,) = [b for b in instrument.bands if b.label == rule.params["band"]]
        return band.min, f'the band "{band.label}", {band.source}'
    if instrument.cut is None:
        raise LookupError(f"{instrument.id} has no cut point for {rule.id}.")
    return instrument.cut.threshold, instrument.cut.source


def _total_text(instrument: Instrument, score: Score) -> str:
    band = "" if score.band is None else f", {score.band}"
    prorated = ", prorated" if score.prorated else ""
    return f"{instrument.short_name} total {score.total}{band}{prorated}"


def _subscale_positive(
    rule: Rule, instrument: Instrument, subscales: Sequence[SubscaleScore]
) -> Iterator[str]:
    for found in subscales:
        if found.id == rule.params["subscale"] and found.at_cut:
            yield f"{instrument.short_name} {found.label} subscale {found.total}"


def _worsening(
    rule: Rule, instrument: Instrument, score: Score, history: Sequence[PastScore]
) -> Iterator[str]:
    """Only whole totals are compared: a prorated one carries its own error."""
    change = instrument.change
    if change is None or not score.complete or score.total is None:
        return
    past = sorted(
        (p.at, p.total)
        for p in history
        if p.instrument == instrument.id and p.complete and p.total is not None
    )
    # With one earlier score, last and baseline are the same and say so once.
    against = past[-1:] if rule.params["against"] == "last" else past[:-1][:1]
    for at, total in against:
        step = compare(change, total, int(score.total))
        if step.reliable == "worsening":
            yield (
                f"{instrument.short_name} {total} on {at:%Y-%m-%d}, "
                f"now {score.total}; {change.reliable.points} or more ({step.source})"
            )
