"""Tables of figures: what a page shows of a cell, and what a file has of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from clinicians.presenters.times import length
from clinicians.workflow.figures import spread
from clinicians.workflow.hiding import Key, Sum, hidden
from screening.language.evaluation.figures import Share

HIDDEN = "hidden"
NONE = "–"
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` for the page, `raw` for a file; the rest as the table component has it."""

    text: str
    raw: str = ""
    href: str = ""
    label: str = ""
    soft: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`head` is what the row is about, `soft` more about that."""

    head: str
    cells: Sequence[Cell]
    soft: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`units` by column: what a file's numbers are counted in, where it is not people.

    `heading`: where a new part of the page begins.
    """

    name: str
    title: str
    first: str
    columns: Sequence[str]
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    heading: str = ""

    @property
    def heads(self) -> list[str]:
        """The words above the columns, that of the rows' names first."""
        return [self.first, *self.columns]

    @property
    def laid_out(self) -> list[list[Cell]]:
        """The rows as the table component reads them: each cell told its column."""
        return [
            [
                Cell(row.head, href=row.href, soft=row.soft, label=self.first),
                *(
                    replace(cell, label=label)
                    for cell, label in zip(row.cells, self.columns, strict=True)
                ),
            ]
            for row in self.rows
        ]

    def csv(self) -> list[list[str]]:
        """The rows of a file: numbers without words."""
        heads = [
            f"{column} ({self.units[column]})" if column in self.units else column
            for column in self.columns
        ]
        soft = any(row.soft for row in self.rows)
        rows = [
            [row.head, *([row.soft] if soft else []), *(c.raw for c in row.cells)]
            for row in self.rows
        ]
        return [[self.first, *(["Details"] if soft else []), *heads], *rows]


class Counts:
    """Counts of patients, with what may be shown of them."""

    def __init__(
        self, values: Mapping[Key, int], sums: Iterable[Sum], *, smallest: int
    ) -> None:
        self.values = values
        self.smallest = smallest
        self.kept = hidden(values, list(sums), smallest=smallest)

    def cell(self, key: Key, *, href: str = "") -> Cell:
        """A count, or that it is hidden."""
        if key in self.kept:
            return Cell(HIDDEN, HIDDEN)
        value = self.values[key]
        return Cell(f"{value:,}", str(value), href if value else "")

    def share(self, part: Key, *others: Key) -> Cell:
        """The part of itself and the others, unless a hidden count would follow."""
        if self.kept & {part, *others}:
            return Cell(HIDDEN, HIDDEN)
        return percent(self.values[part], sum(self.values[k] for k in (part, *others)))

    def judged(self, part: Key, other: Key) -> Cell:
        """The same with its uncertainty, as few make a share say little."""
        cell = self.share(part, other)
        of = self.values[part] + self.values[other]
        if cell.text == HIDDEN or not of:
            return cell
        low, high = Share(self.values[part], of).interval
        return replace(cell, text=f"{cell.text} ({low:.0%} to {high:.0%})")

    def per(self, key: Key, days: int) -> Cell:
        """So many a day."""
        if key in self.kept:
            return Cell(HIDDEN, HIDDEN)
        if not days:
            return Cell(NONE)
        rate = f"{self.values[key] / days:.2f}"
        return Cell(rate, rate)

    def spread(self, lengths: Mapping[int, int], *, unit: int) -> list[Cell]:
        """Median, 95 % and longest; `unit`: the seconds that lengths are counted in."""
        found = spread(lengths, smallest=self.smallest)
        if found is None:
            text = HIDDEN if any(lengths.values()) else NONE
            return [Cell(text, HIDDEN if text == HIDDEN else "")] * 3
        return [
            Cell(span(value * unit), str(value))
            for value in (found.median, found.p95, found.longest)
        ]


SPREAD = ("Median", "95 % within", "Longest")


def percent(part: int, of: int) -> Cell:
    """A share in whole percent; none of nothing."""
    if not of:
        return Cell(NONE)
    share = f"{100 * part / of:.0f}"
    return Cell(f"{share}%", share)


def span(seconds: int) -> str:
    """`45 s`, `7 min`, `2 h 5 min`."""
    if seconds < _MINUTE:
        return f"{seconds} s"
    return length(timedelta(seconds=seconds))
