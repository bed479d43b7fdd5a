"""A finished score and the ones before it, to flags."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from screening.domain.change import compare
from screening.domain.questionnaire import Instrument
from screening.domain.raised import Evidence, RaisedFlag, raise_flag
from screening.domain.rules import Rule
from screening.domain.scoring import Score, SubscaleScore


@dataclass(frozen=True, slots=True, kw_only=True)
class PastScore:
    """An earlier total of the same patient."""

    instrument: str
    total: int | None
    complete: bool
    at: datetime


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
        raise_flag(rule, Evidence(detail=detail), instrument.id)
        for rule in rules
        if not _has_longer_form(rule, done, longer_form_done=longer_form_done)
        for detail in _score_details(rule, instrument, score, history)
    )


def _has_longer_form(
    rule: Rule, done: Collection[str], *, longer_form_done: bool
) -> bool:
    longer_forms = rule.params.get("longer_forms", ())
    return any(longer_form_done or name in done for name in longer_forms)


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
