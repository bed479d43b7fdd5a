"""Adds trials up to one line a model and prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from screening.language.evaluation.figures import Share, share
from screening.language.evaluation.models import Contender, Trial


@dataclass(frozen=True, slots=True)
class Compared:
    """What a contender did. Latencies in milliseconds, `cost` None without prices."""

    contender: Contender
    usable: Share
    right: Share
    wrong: Share
    p50: int
    p95: int
    tokens: int
    cost: Decimal | None


def compared(contender: Contender, trials: Sequence[Trial]) -> Compared:
    """The figures of one contender."""
    times = sorted(trial.latency_ms for trial in trials)
    costs = [trial.cost for trial in trials if trial.cost is not None]
    return Compared(
        contender=contender,
        usable=share([trial.usable for trial in trials]),
        right=share([trial.right for trial in trials if trial.right is not None]),
        wrong=share([trial.wrong for trial in trials if trial.wrong is not None]),
        p50=_at(times, 0.5),
        p95=_at(times, 0.95),
        tokens=sum(trial.tokens for trial in trials),
        cost=sum(costs, Decimal(0)) if len(costs) == len(trials) else None,
    )


def _at(times: Sequence[int], part: float) -> int:
    """The nearest-rank percentile; 0 of none."""
    if not times:
        return 0
    return times[min(len(times) - 1, int(part * len(times)))]
