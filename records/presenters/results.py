"""What the answers add up to: subscales, total and band, or an outcome in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from records.fhir import values
from records.fhir.values import Concept
from records.presenters.naming import Naming, key, loinc
from screening.domain.questionnaire import Instrument
from screening.domain.scoring import Answers
from screening.models import Score

# A score as it was stored, of this version or of one before it.
Detail: TypeAlias = Mapping[str, Any]


def measures(
    instrument: Instrument,
    score: Score,
    given: Answers,
    naming: Naming,
    *,
    earlier: Sequence[Detail] = (),
) -> Iterator[values.Measure]:
    """Every number there is, and every one that there was in an `earlier` version."""
    name = instrument.short_name
    items = {subscale.id: subscale.items for subscale in instrument.subscales}
    for part in score.detail["subscales"]:
        if part["total"] is not None or _was_there(part["id"], earlier):
            coding = naming.code(instrument.id, part["id"])
            yield values.Measure(
                key=part["id"],
                concept=Concept(coding=coding, text=f"{name} {part['label']}"),
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
    instrument: Instrument, score: Score, given: Answers, naming: Naming
) -> values.Measure:
    scored = tuple(item.link_id for item in instrument.scored_items)
    own = loinc(instrument.total_code, instrument.total_display)
    band = naming.code(instrument.id, "band", score.band)
    return values.Measure(
        key="total",
        concept=Concept(
            coding=own or naming.code(instrument.id, "total"),
            text=f"{instrument.short_name} total score",
        ),
        value=score.total,
        unit=instrument.ucum,
        from_items=_keys(instrument, scored, given),
        band=Concept(coding=band, text=score.band) if score.band else None,
        prorated=_prorated(instrument, score) if score.prorated else None,
    )


def _keys(
    instrument: Instrument, link_ids: Iterable[str], given: Answers
) -> tuple[str, ...]:
    return tuple(
        key(instrument, instrument.item(link_id))
        for link_id in link_ids
        if given.get(link_id) is not None
    )


def _prorated(instrument: Instrument, score: Score) -> str:
    return (
        f"Prorated: {len(score.detail['missing'])} of {len(instrument.scored_items)} "
        "answers missing, replaced by the mean of the others."
    )


def no_total(instrument: Instrument, score: Score) -> str | None:
    if score.total is not None or instrument.method != "sum":
        return None
    missing, asked = len(score.detail["missing"]), len(instrument.scored_items)
    have = "has" if missing == 1 else "have"
    return f"No total: {missing} of {asked} scored items {have} no answer."


def finding(
    instrument: Instrument,
    score: Score,
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
