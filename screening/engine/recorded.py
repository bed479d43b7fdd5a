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
    text: str,
    instrument: Instrument,
    columns: Sequence[str],
    declined_codes: frozenset[str],
) -> Iterator[Row | Refused]:
    """Yield a Row or a Refused for every line after the header.

    `columns` are in item order, with or without the unscored items at the end. A
    blank is an item that was not asked; a code of `declined_codes` is one that
    was asked and declined. Raises Unusable before the first line.
    """
    items = instrument.items[: len(columns)]
    if len(columns) not in (len(instrument.scored_items), len(instrument.items)):
        raise Unusable(
            f"The {instrument.short_name} has {len(instrument.scored_items)} scored "
            f"items, but {len(columns)} columns were named."
        )
    table = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in columns if name not in (table.fieldnames or ())]
    if missing:
        raise Unusable(f"The file has no column {', '.join(missing)}.")
    link_ids = [item.link_id for item in items]
    for cells in table:
        yield _row(table.line_num, cells, instrument, columns, link_ids, declined_codes)


def _row(
    line: int,
    cells: Mapping[str, str | None],
    instrument: Instrument,
    columns: Sequence[str],
    link_ids: Sequence[str],
    declined_codes: frozenset[str],
) -> Row | Refused:
    answers: dict[str, int | None] = {}
    for name, link_id in zip(columns, link_ids, strict=True):
        cell = (cells[name] or "").strip()
        if not cell:
            continue
        try:
            value = _whole(cell)
            declined = str(value) in declined_codes
            if not declined:
                scoring.check_value(instrument, link_id, value)
        except ValueError as error:
            return Refused(line, f"{name}: {error}")
        answers[link_id] = None if declined else value
    return Row(line, answers)


def _whole(cell: str) -> int:
    """Return the whole number in a cell: "2" and "2.0" are 2, "0.5" is refused."""
    try:
        number = Decimal(cell)
    except InvalidOperation as error:
        raise ValueError(f"“{cell[:20]}” is not a number.") from error
    if not number.is_finite() or number != number.to_integral_value():
        raise ValueError(f"“{cell[:20]}” is not a whole number.")
    if abs(number) > 1000:
        raise ValueError(f"“{cell[:20]}” is not one of the answers.")
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
