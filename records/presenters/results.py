"""What the answers add up to: subscales, total and band, or an outcome in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from records.fhir import values
from records.fhir.values import Concept
from records.presenters.naming import Naming, key, loinc
from screening.domain.questionnaire import Instrument
from screening.domain.scoring import Answers
from screening.domain.stepping import Follows
from screening.models import PastScore, Score

# A score as it was stored, of this version or of one before it.
Detail: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """One version of what the answers add up to, and since when it counted."""

    version: int
    total: Decimal | None
    band: str
    prorated: bool
    detail: Detail
    since: datetime


def now(score: Score, since: datetime) -> Result:
    """The result that counts."""
    return Result(
        version=score.version,
        total=score.total,
        band=score.band,
        prorated=score.prorated,
        detail=score.detail,
        since=score.amended_at or since,
    )


def then(score: PastScore, since: datetime) -> Result:
    """A result that an amendment replaced."""
    return Result(
        version=score.version,
        total=score.total,
        band=score.band,
        prorated=bool(score.detail["prorated"]),
        detail=score.detail,
        since=since,
    )


def measures(
    instrument: Instrument,
    score: Result,
    given: Answers,
    naming: Naming,
    *,
    earlier: Sequence[Detail] = (),
) -> Iterator[values.Measure]:
    """Every number there is, and every one that there was in an `earlier` version."""
    items = {subscale.id: subscale.items for subscale in instrument.subscales}
    for part in score.detail["subscales"]:
        if part["total"] is not None or _was_there(part["id"], earlier):
            yield values.Measure(
                key=part["id"],
                concept=subscale_concept(instrument, part["id"], part["label"], naming),
                value=part["total"],
                unit=instrument.ucum,
                from_items=_keys(instrument, items[part["id"]], given),
            )
    if score.total is not None or any(d["total"] is not None for d in earlier):
        yield _total(instrument, score, given, naming)


def _was_there(subscale: str, earlier: Iterable[Detail]) -> bool:
    parts = (part for detail in earlier for part in detail["subscales"])
    return any(p["id"] == subscale and p["total"] is not None for p in parts)


def _total(
    instrument: Instrument, score: Result, given: Answers, naming: Naming
) -> values.Measure:
    scored = tuple(item.link_id for item in instrument.scored_items)
    band = naming.code(instrument.id, "band", score.band)
    return values.Measure(
        key="total",
        concept=total_concept(instrument, naming),
        value=score.total,
        unit=instrument.ucum,
        from_items=_keys(instrument, scored, given),
        band=Concept(coding=band, text=score.band) if score.band else None,
        prorated=_prorated(instrument, score) if score.prorated else None,
    )


def total_concept(instrument: Instrument, naming: Naming) -> Concept:
    """What the total is called: LOINC's code where it has one."""
    own = loinc(instrument.total_code, instrument.total_display)
    return Concept(
        coding=own or naming.code(instrument.id, "total"),
        text=f"{instrument.short_name} total score",
    )


def subscale_concept(
    instrument: Instrument, subscale: str, label: str, naming: Naming
) -> Concept:
    """What a part of the total is called."""
    coding = naming.code(instrument.id, subscale)
    return Concept(coding=coding, text=f"{instrument.short_name} {label}")


def _keys(
    instrument: Instrument, link_ids: Iterable[str], given: Answers
) -> tuple[str, ...]:
    return tuple(
        key(instrument, instrument.item(link_id))
        for link_id in link_ids
        if given.get(link_id) is not None
    )


def _prorated(instrument: Instrument, score: Result) -> str:
    return (
        f"Prorated: {len(score.detail['missing'])} of {len(instrument.scored_items)} "
        "answers missing, replaced by the mean of the others."
    )


def no_total(
    instrument: Instrument,
    score: Result,
    given: Answers,
    *,
    follows: Follows | None = None,
) -> str | None:
    """Why there is none: what was asked has no answer, or most was never asked."""
    if score.total is not None or instrument.method != "sum":
        return None
    if follows is not None and in_part(follows, given):
        return _in_part(instrument, follows)
    missing, asked = len(score.detail["missing"]), len(instrument.scored_items)
    have = "has" if missing == 1 else "have"
    return f"No total: {missing} of {asked} scored items {have} no answer."


def in_part(follows: Follows, given: Iterable[str]) -> bool:
    """Whether a longer form did not follow: at most what is asked anyway was."""
    return not set(given) - set(follows.always)


def _in_part(instrument: Instrument, follows: Follows) -> str:
    numbers = ", ".join(str(instrument.item(one).number) for one in follows.always)
    return (
        f"No total: only item {numbers} was asked. The short form before it stayed "
        f"below {follows.cut}, from which the rest follows (rule {follows.version})."
    )


def finding(
    instrument: Instrument,
    score: Result,
    given: Answers,
    naming: Naming,
    *,
    earlier: Sequence[Detail] = (),
) -> values.Finding | None:
    """The outcome of a triage instrument, in the words of its definition."""
    outcome, triage = score.detail["triage"], instrument.triage
    left_before = any(detail["triage"] is not None for detail in earlier)
    if triage is None or (outcome is None and not left_before):
        return None
    names = {
        triage.negative: "negative",
        triage.non_acute: "non-acute",
        triage.acute: "acute",
    }
    named = naming.code(instrument.id, "result")
    value = None
    if outcome is not None:
        coding = naming.code(instrument.id, "result", names[outcome])
        value = Concept(coding=coding, text=outcome)
    return values.Finding(
        key="result",
        concept=Concept(coding=named, text=f"{instrument.short_name} result"),
        value=value,
        from_items=_keys(instrument, (i.link_id for i in instrument.items), given),
    )
