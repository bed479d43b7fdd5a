"""What the step from one total to another means, in words, each with its source."""

from collections.abc import Sequence
from decimal import Decimal

from screening.domain.change import compare
from screening.domain.instruments import Instrument
from screening.models import Score

RELIABLE = {
    "improvement": "Reliable improvement",
    "worsening": "Reliable worsening",
    "none": "No reliable change",
}


def plain(total: Decimal | None) -> str:
    """`9`, or `9.5` where it was estimated."""
    return "" if total is None else f"{total:f}".rstrip("0").rstrip(".") or "0"


def comparable(scores: Sequence[Score], version: str) -> list[Score]:
    """Those with every item answered, of one version of the text, in their order."""
    return [
        score
        for score in scores
        if score.complete
        and score.total is not None
        and not score.prorated
        and score.administration.definition.version == version
    ]


def changes(instrument: Instrument, scores: Sequence[Score]) -> list[str]:
    """What the newest whole total means beside the last one and the first one.

    Only between totals of the same text with every item answered.
    """
    version = scores[-1].administration.definition.version
    whole = comparable(scores, version)
    if len(whole) < 2 or whole[-1] is not scores[-1]:
        return []
    beside = {"the one before": whole[-2]}
    if len(whole) > 2:
        beside["the first one shown"] = whole[0]
    found = [step(instrument, words, s, whole[-1]) for words, s in beside.items()]
    return [words for words in found if words]


def step(instrument: Instrument, words: str, earlier: Score, later: Score) -> str:
    """One step in a sentence; empty where the instrument has no rule for change."""
    rule = instrument.change
    if rule is None:
        return ""
    change = compare(rule, int(earlier.total or 0), int(later.total or 0))
    said = [f"{RELIABLE[change.reliable]} ({change.source})"]
    if change.response and rule.response_percent:
        said.append(f"response ({rule.response_percent.source})")
    if change.remission and rule.remission_below:
        said.append(f"remission ({rule.remission_below.source})")
    totals = f"{plain(earlier.total)} to {plain(later.total)}"
    return f"Against {words}, {totals}: {'; '.join(said)}."
