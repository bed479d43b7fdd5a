"""Shares with their uncertainty: how many of how many, and between what bounds."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of` rows; `of` may be 0, which is no share at all."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1, or None of no rows."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval after Wilson (1927), which holds for small sets too."""
        if not self.of:
            return (0.0, 1.0)
        share, z2 = self.hits / self.of, _Z * _Z
        middle = share + z2 / (2 * self.of)
        spread = _Z * sqrt(share * (1 - share) / self.of + z2 / (4 * self.of**2))
        scale = 1 + z2 / self.of
        # Rounding must not put the bounds past the share itself.
        low = min(share, max(0.0, (middle - spread) / scale))
        return (low, max(share, min(1.0, (middle + spread) / scale)))


def share(marks: list[bool]) -> Share:
    """The share of true ones."""
    return Share(sum(marks), len(marks))
