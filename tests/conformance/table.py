"""What each judge said, as the table that is printed in the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADS = ("what", "judge", "accepted", "rejected", "verdict")
Complaints = Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `good` is whether the judge said what it should have said."""

    what: str
    judge: str
    accepted: int
    rejected: int
    good: bool
    complaints: Complaints = ()

    def cells(self) -> tuple[str, ...]:
        verdict = "ok" if self.good else "MISS"
        return self.what, self.judge, str(self.accepted), str(self.rejected), verdict


def accepting(what: str, judge: str, said: Iterable[Complaints]) -> Row:
    """A row about good things: each is to be accepted."""
    heard = list(said)
    refusals = [one for one in heard if one]
    first = [str(line) for one in refusals[:3] for line in one[:3]]
    count = len(heard) - len(refusals)
    good = bool(heard) and not refusals
    return Row(what, judge, count, len(refusals), good, first)


def lines(rows: Sequence[Row]) -> list[str]:
    """The table, and below it what was said where a verdict is a miss."""
    cells = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADS))]
    made = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    ]
    for row in rows:
        if not row.good:
            made += [f"MISS {row.what} ({row.judge})", *_indented(row.complaints)]
    return [line.rstrip() for line in made]


def _indented(complaints: Complaints) -> list[str]:
    return [f"     {one[:400]}" for one in complaints]
