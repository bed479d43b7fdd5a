"""Recorded answers from a table: read strictly, judged by the rules of the pages."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from screening.domain import flags, scoring
from screening.domain.instruments import Instrument
from screening.domain.rules import Rule

LONGEST_CELL = 12  # characters: "3.0" is an answer, a number of a mile is not
DIGITS = 3  # no option has a value of more


class Unusable(ValueError):
    """The file cannot be read at all; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person's answers. `line` is the line of the file."""

    line: int
    answers: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not taken, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules make of one person's answers."""

    score: scoring.Score
    at_answer: tuple[flags.RaisedFlag, ...]
    at_score: tuple[flags.RaisedFlag, ...]

    @property
    def flags(self) -> tuple[flags.RaisedFlag, ...]:
        """Return every flag, those of single answers first."""
        return self.at_answer + self.at_score


def judge(
    rules: Sequence[Rule],
    instrument: Instrument,
    answers: Mapping[str, int | None],
    *,
    prorate: bool = False,
) -> Judgement:
    """Return score and flags of one administration without a history."""
    score = scoring.score(instrument, answers, prorate=prorate)
    at_answer = tuple(
        flag
        for link_id, value in answers.items()
        for flag in flags.on_answer(rules, instrument, link_id, value)
    )
    at_score = flags.on_score(rules, instrument, score, (), longer_form_done=False)
    return Judgement(score, at_answer, at_score)


def decode(raw: bytes) -> str:
    """Return the text of a file, or say where it stops being UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unusable(
            f"The file is not UTF-8 text (line {line}). "
            "Save it as “CSV UTF-8” and try again."
        ) from error


def read(
    text: str, instrument: Instrument, columns: Sequence[str], codes: frozenset[str]
) -> Iterator[Row | Refused]:
    """Yield a Row or a Refused for every line after the header.

    `columns` are in item order, with or without the unscored items at the end. A
    blank is an item that was not asked; a cell that is one of `codes` is one that
    was asked and declined. Raises Unusable where the file cannot be trusted.
    """
    _check_columns(instrument, columns, codes)
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(table, [])]
        _check_header(header, columns)
        for cells in table:
            if cells:
                yield _line(table.line_num, header, cells, instrument, columns, codes)
    except csv.Error as error:
        raise Unusable(
            f"Line {table.line_num} cannot be read ({error}). "
            "Is a quotation mark left open there?"
        ) from error


def _check_columns(
    instrument: Instrument, columns: Sequence[str], codes: frozenset[str]
) -> None:
    if len(columns) not in (len(instrument.scored_items), len(instrument.items)):
        raise Unusable(
            f"The {instrument.short_name} has {len(instrument.scored_items)} scored "
            f"items, but {len(columns)} columns were named."
        )
    if twice := _twice(columns):
        raise Unusable(f"The column {twice} was named twice. Name each item's own.")
    values = {str(o.value) for item in instrument.items for o in item.options}
    if answers := sorted(codes & values):
        raise Unusable(
            f"{', '.join(answers)} is an answer of the {instrument.short_name}, so it "
            "cannot be a code for a missing one."
        )


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in header]
    if missing:
        semicolons = len(header) == 1 and ";" in header[0]
        hint = " Separate the columns with commas, not semicolons." * semicolons
        raise Unusable(f"The file has no column {', '.join(missing)}.{hint}")
    if twice := _twice([name for name in header if name in columns]):
        raise Unusable(f"The file has two columns {twice}. Keep the one that counts.")


def _twice(names: Sequence[str]) -> str:
    return next((name for name in names if names.count(name) > 1), "")


def _line(
    number: int,
    header: Sequence[str],
    cells: Sequence[str],
    instrument: Instrument,
    columns: Sequence[str],
    codes: frozenset[str],
) -> Row | Refused:
    if len(cells) != len(header):
        return Refused(
            number, f"{len(cells)} cells where the header has {len(header)}."
        )
    link_ids = [item.link_id for item in instrument.items[: len(columns)]]
    named = dict(zip(header, cells, strict=True))
    return _row(number, named, instrument, columns, link_ids, codes)


def _row(
    line: int,
    cells: Mapping[str, str],
    instrument: Instrument,
    columns: Sequence[str],
    link_ids: Sequence[str],
    codes: frozenset[str],
) -> Row | Refused:
    answers: dict[str, int | None] = {}
    for name, link_id in zip(columns, link_ids, strict=True):
        cell = cells[name].strip()
        if not cell:
            continue
        try:
            value = _whole(cell)
            declined = str(value) in codes
            if not declined:
                scoring.check_value(instrument, link_id, value)
        except ValueError as error:
            return Refused(line, f"{name}: {error}")
        answers[link_id] = None if declined else value
    return Row(line, answers)


def _whole(cell: str) -> int:
    """Return the whole number in a cell: "2" and "2.0" are 2, "0.5" is refused."""
    if len(cell) > LONGEST_CELL:
        raise ValueError(f"“{cell[:20]}…” is not one of the answers.")
    try:
        number = Decimal(cell)
    except InvalidOperation as error:
        raise ValueError(f"“{cell}” is not a number.") from error
    if number.is_finite() and number.adjusted() > DIGITS:
        raise ValueError(f"“{cell}” is not one of the answers.")
    if not number.is_finite() or number % 1:
        raise ValueError(f"“{cell}” is not a whole number.")
    return int(number)


@dataclass
class Tally:
    """What a replay reports."""

    instrument: Instrument
    people: int = 0
    blank: int = 0
    complete: int = 0
    at_cut: int = 0
    safety_below_cut: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    flags_incomplete: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)

    def add(self, row: Row, judged: Judgement) -> None:
        """Count one person."""
        self.people += 1
        self.blank += not row.answers
        rules = {flag.rule for flag in judged.flags}
        if not judged.score.complete:
            self.flags_incomplete.update(rules)
            return
        self.complete += 1
        self.flags.update(rules)
        self.at_cut += bool(judged.score.at_cut)
        if judged.score.band:
            self.bands[judged.score.band] += 1
        endorsed = any(flag.evidence.value for flag in judged.at_answer)
        self.safety_below_cut += endorsed and not judged.score.at_cut

    def to_dict(self) -> dict[str, Any]:
        """Return the report, ready for JSON; bands stand lowest first."""
        return {
            "instrument": self.instrument.id,
            "people": self.people,
            "blank": self.blank,
            "complete": self.complete,
            "at_cut": self.at_cut,
            "bands": {b.label: self.bands[b.label] for b in self.instrument.bands},
            "flags": dict(sorted(self.flags.items())),
            "flags_incomplete": dict(sorted(self.flags_incomplete.items())),
            "safety_item_below_cut": self.safety_below_cut,
            "refused": [
                {"line": one.line, "reason": one.reason} for one in self.refused
            ],
        }
