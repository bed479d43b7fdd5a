"""Answers to score: total, band, missing-item rule, prorating, algorithm, triage."""

from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from screening.domain.conditions import Answers, parse_condition
from screening.domain.measures import Algorithm, Subscale
from screening.domain.questionnaire import AnswerRefused, Instrument, Item, Option
from screening.domain.triage import triage_result

__all__ = [
    "AnswerRefused",
    "Answers",
    "Score",
    "SubscaleScore",
    "check_value",
    "score",
    "visible_items",
]

Total = int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscaleScore:
    """The sum of one subscale; no total unless all of it is answered."""

    id: str
    label: str
    total: int | None
    at_cut: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the answers to one instrument add up to, and what is missing from it."""

    instrument: str
    version: str
    total: Total | None
    band: str | None
    complete: bool
    prorated: bool
    missing: tuple[str, ...]
    declined: tuple[str, ...]
    algorithm: str | None
    subscales: tuple[SubscaleScore, ...]
    triage: str | None
    at_cut: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: a prorated total becomes a decimal number."""
        plain = asdict(self)
        if isinstance(self.total, Decimal):
            plain["total"] = float(self.total)
        for key in ("missing", "declined", "subscales"):
            plain[key] = list(plain[key])
        return plain


def visible_items(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    """The items to be asked, given what was answered so far."""
    scored = tuple(item.link_id for item in instrument.scored_items)
    return tuple(
        item
        for item in instrument.items
        if item.enable_when is None
        or parse_condition(item.enable_when).holds(scored, answers)
    )


def check_value(instrument: Instrument, link_id: str, value: int) -> Option:
    """The option that this value stands for; anything else is refused."""
    return instrument.item(link_id).option(value)


def score(instrument: Instrument, answers: Answers, *, prorate: bool = False) -> Score:
    """Score what was answered; an answer to no longer visible items changes nothing."""
    _check_answers(instrument, answers)
    missing = _missing(instrument, answers)
    total, prorated = _total(instrument, answers, missing, prorate=prorate)
    cut = instrument.cut
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        total=total,
        band=None if total is None else _band(instrument, total),
        complete=not missing,
        prorated=prorated,
        missing=missing,
        declined=tuple(
            item.link_id
            for item in instrument.items
            if _is_declined(item.link_id, answers)
        ),
        algorithm=_algorithm(instrument.algorithm, answers, missing),
        subscales=tuple(_subscale(s, answers) for s in instrument.subscales),
        triage=triage_result(instrument.triage, answers),
        at_cut=None if total is None or cut is None else total >= cut.threshold,
    )


def _check_answers(instrument: Instrument, answers: Answers) -> None:
    for link_id, value in answers.items():
        item = instrument.item(link_id)
        if value is not None:
            item.option(value)


def _is_declined(link_id: str, answers: Answers) -> bool:
    return link_id in answers and answers[link_id] is None


def _missing(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """What stands in the way of a result; a refused triage question counts as one."""
    if instrument.triage is not None:
        needed = visible_items(instrument, answers)
        return tuple(i.link_id for i in needed if i.link_id not in answers)
    return tuple(
        item.link_id
        for item in instrument.scored_items
        if answers.get(item.link_id) is None
    )


def _total(
    instrument: Instrument, answers: Answers, missing: tuple[str, ...], *, prorate: bool
) -> tuple[Total | None, bool]:
    """The total, and whether it was prorated."""
    if instrument.method != "sum":
        return None, False
    items = instrument.scored_items
    values = [answers.get(item.link_id) for item in items]
    given = [value for value in values if value is not None]
    if not missing:
        return sum(given), False
    rule = instrument.missing
    kept = any(link_id in rule.never_impute for link_id in missing)
    if not prorate or kept or len(missing) > rule.max_prorated:
        return None, False
    mean_filled = Decimal(sum(given) * len(items)) / len(given)
    step = Decimal(1).scaleb(-rule.decimals)
    return mean_filled.quantize(step, rounding=ROUND_HALF_UP), True


def _band(instrument: Instrument, total: Total) -> str | None:
    """The highest band that the total has reached; a fraction is never rounded up."""
    reached = [band.label for band in instrument.bands if total >= band.min]
    return reached[-1] if reached else None


def _algorithm(
    algorithm: Algorithm | None, answers: Answers, missing: tuple[str, ...]
) -> str | None:
    """The algorithm's finding, only when every scored item was answered."""
    if algorithm is None or missing:
        return None
    present = [
        symptom.link_id
        for symptom in algorithm.symptoms
        if (answers[symptom.link_id] or 0) >= symptom.at_least
    ]
    if any(link_id in present for link_id in algorithm.gateway):
        for finding in algorithm.findings:
            if len(present) >= finding.at_least:
                return finding.text
    return algorithm.otherwise


def _subscale(subscale: Subscale, answers: Answers) -> SubscaleScore:
    values = [answers.get(link_id) for link_id in subscale.items]
    given = [value for value in values if value is not None]
    total = sum(given) if len(given) == len(values) else None
    return SubscaleScore(
        id=subscale.id,
        label=subscale.label,
        total=total,
        at_cut=None if total is None else total >= subscale.cut.threshold,
    )
