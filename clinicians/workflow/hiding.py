"""Which counts may not be shown, so that no small one can be seen or worked out. Pure.

A count of a few people may point at one of them. It is hidden, and with it as many
others as it takes: else the total less what is shown would give it away.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations
from math import lcm
from typing import Any

# Whatever names a count: a word, or several of them in a tuple.
Key = Any
# Unknown counts, each with how many times it is taken.
Row = dict[Key, Fraction]


@dataclass(frozen=True, slots=True)
class Sum:
    """A count that others add up to; whoever reads the tables knows that they do."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        """All that the sum is about."""
        return (self.total, *self.parts)


def hidden(
    values: Mapping[Key, int], sums: Sequence[Sum], *, smallest: int
) -> frozenset[Key]:
    """Return the counts to hide: those from 1 up to below `smallest`, and as many
    others as keep them from being worked out. Zeros are always shown.
    """
    kept = {key for key, value in values.items() if 0 < value < smallest}
    while True:
        leak = _leak(values, sums, kept, smallest)
        more = _more(values, sums, kept, leak)
        if more is None:
            return frozenset(kept)
        kept.add(more)


def _more(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    kept: Collection[Key],
    leak: Sequence[Sum],
) -> Key | None:
    """What to hide next: beside the leak if there is anything left, parts before
    totals and small before large, so that little is lost."""
    for near in (leak, sums if leak else ()):
        totals = {one.total for one in near}
        left = {
            key
            for one in near
            for key in one.members
            if values[key] and key not in kept
        }
        if left:
            return min(left, key=lambda key: (key in totals, values[key], str(key)))
    return None


def _leak(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    kept: Collection[Key],
    smallest: int,
) -> Sequence[Sum]:
    """Sums through which something hidden shows; none when all is safe."""
    for one in sums:
        if not _safe(one, values, kept, smallest):
            return [one]
    known = set(kept) - _open(_solved(sums, kept), values, kept)
    return [one for one in sums if known & set(one.members)]


def _safe(
    one: Sum, values: Mapping[Key, int], kept: Collection[Key], smallest: int
) -> bool:
    """Whether a sum by itself gives nothing away: neither one count nor the few
    people of several together, who would be a small group all the same.
    """
    parts = [key for key in one.parts if key in kept]
    if one.total in kept:
        return bool(parts)
    if not parts:
        return True
    people = sum(values[key] for key in parts)
    # Nobody hides a zero: as many people as counts would put one into each.
    return len(parts) > 1 and people >= smallest and people > len(parts)


def _equation(one: Sum, kept: Collection[Key]) -> Row:
    """The sum as a reader has it: the hidden counts are its unknowns."""
    row = dict.fromkeys((key for key in one.parts if key in kept), Fraction(1))
    if one.total in kept:
        row[one.total] = Fraction(-1)
    return row


def _solved(sums: Sequence[Sum], kept: Collection[Key]) -> dict[Key, Row]:
    """All the sums taken together: some unknowns, each told by the others of its row."""
    solved: dict[Key, Row] = {}
    for one in sums:
        row = _equation(one, kept)
        for unknown, known in solved.items():
            _subtract(row, known, unknown)
        if not row:
            continue
        first = next(iter(row))
        row = {key: times / row[first] for key, times in row.items()}
        for known in solved.values():
            _subtract(known, row, first)
        solved[first] = row
    return solved


def _subtract(row: Row, known: Row, at: Key) -> None:
    """Take as much of a known row from this one as clears the unknown at `at`."""
    times = row.get(at)
    if not times:
        return
    for key, value in known.items():
        left = row.get(key, Fraction(0)) - times * value
        if left:
            row[key] = left
        else:
            row.pop(key, None)


def _open(
    solved: Mapping[Key, Row], values: Mapping[Key, int], kept: Collection[Key]
) -> set[Key]:
    """The hidden counts that could as well be others: for each of them there is a
    table that says all that is shown, in which it differs.

    A move from our table to such a one is looked for among the simplest moves and
    among every two of them together. What none of them moves counts as given away.
    """
    moves = [_move(key, solved) for key in kept if key not in solved]
    pairs = (_together(*two) for two in combinations(moves, 2))
    apart = (_together(one, _back(other)) for one, other in combinations(moves, 2))
    found: set[Key] = set()
    for move in chain(moves, pairs, apart):
        if found.issuperset(move):
            continue
        if _possible(move, values) or _possible(_back(move), values):
            found.update(move)
    return found


def _move(free: Key, solved: Mapping[Key, Row]) -> Row:
    """One unknown goes up by one: all that it tells moves with it, in whole steps."""
    move = {key: -row[free] for key, row in solved.items() if free in row}
    steps = lcm(*(step.denominator for step in move.values()))
    return {key: step * steps for key, step in {free: Fraction(1), **move}.items()}


def _together(one: Row, other: Row) -> Row:
    both = {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
    return {key: Fraction(step) for key, step in both.items() if step}


def _back(move: Row) -> Row:
    return {key: -step for key, step in move.items()}


def _possible(move: Row, values: Mapping[Key, int]) -> bool:
    """Whether every hidden count would still be one at least: zeros are shown."""
    return all(values[key] + step >= 1 for key, step in move.items())
