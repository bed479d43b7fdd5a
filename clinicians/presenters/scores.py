"""A score as it may be read: band, cut and what is missing, each with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clinicians.presenters.change import plain
from screening.domain.instruments import Instrument
from screening.domain.stepping import Follows
from screening.models import Score


@dataclass(frozen=True, slots=True)
class Step:
    """A band on the scale."""

    text: str
    current: bool


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """A score as it may be read: with its band, its cut, and both their sources."""

    title: str
    total: str | None
    of: int
    band: str
    bands: Sequence[Step]
    note: str
    source: str
    facts: Sequence[str]
    cut: str


def score_card(instrument: Instrument, score: Score | None) -> ScoreCard:
    """Present a score, or say why there is none."""
    detail: dict[str, Any] = score.detail if score else {}
    band = detail.get("band") or ""
    return ScoreCard(
        title=instrument.short_name,
        total=None if score is None or score.total is None else plain(score.total),
        of=instrument.maximum,
        band=_band_words(band, score, detail),
        bands=[
            Step(f"{b.min}–{b.max} {b.label}", current=b.label == band)
            for b in instrument.bands
        ],
        note=_missing_words(instrument, score, detail),
        source=instrument.bands_source or "; ".join(instrument.sources),
        facts=_facts(instrument, score, detail),
        cut=_cut(instrument, score),
    )


REPLACED = (
    "Nothing of it was asked: the patient chose a language that has no text of it, so "
    "the longer form was asked whole in its place. There is no total."
)


def asked_in_part(
    card: ScoreCard, instrument: Instrument, follows: Follows
) -> ScoreCard:
    """A longer form that did not follow, or a short one that was not asked: what of it
    was asked, and why no more."""
    if follows.replaced:
        return replace(card, title=f"{card.title} (not asked)", note=REPLACED, cut="")
    numbers = ", ".join(str(instrument.item(i).number) for i in follows.always)
    asked = f"Only item {numbers} was asked" if numbers else "Nothing of it was asked"
    return replace(
        card,
        # By a name of its own: it does not stand for the form, nor hide an older total.
        title=f"{card.title} ({f'item {numbers} only' if numbers else 'not asked'})",
        note=f"{asked}: the short form before it stayed below {follows.cut}, "
        f"from which the rest follows (rule {follows.version}). There is no total.",
        cut="",
    )


def _cut(instrument: Instrument, score: Score | None) -> str:
    """On which side of the cut the total is, with the cut's source."""
    cut = instrument.cut
    if cut is None or score is None:
        return ""
    if score.at_cut is None:
        return f"No total to hold against the cut of {cut.threshold} ({cut.source})"
    side = "At or above" if score.at_cut else "Below"
    return f"{side} the cut of {cut.threshold} ({cut.source})"


def _band_words(band: str, score: Score | None, detail: Mapping[str, Any]) -> str:
    if score is None:
        return "Not submitted, so not scored"
    return band or detail.get("triage") or "No total"


def _missing_words(
    instrument: Instrument, score: Score | None, detail: Mapping[str, Any]
) -> str:
    if score is None:
        return ""
    missing = [str(instrument.item(link).number) for link in detail.get("missing", ())]
    if not missing:
        return "All items were answered."
    items = f"No answer to item {', '.join(missing)}."
    if score.prorated:
        return f"{items} The total is estimated from the others."
    return f"{items} There is no total."


def _facts(
    instrument: Instrument, score: Score | None, detail: Mapping[str, Any]
) -> list[str]:
    """The subscales and the published symptom count, each with source."""
    if score is None:
        return []
    facts = []
    for part in detail.get("subscales", ()):
        if part["total"] is not None:
            facts.append(f"{part['label']}: {part['total']}")
    if detail.get("algorithm") and instrument.algorithm:
        source = instrument.algorithm.source
        facts.append(f"Screening result: {detail['algorithm']} ({source})")
    return facts
