"""Takes a form that staff typed in as a whole: item by item, danger first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from screening.domain.dialogue import Step
from screening.domain.scoring import AnswerRefused, visible_items
from screening.engine.entering import leave_blank
from screening.engine.turn import enter
from screening.engine.values import Entering, Over, Said
from screening.models.sitting import Sitting, load

ELSEWHERE = (
    "A colleague has changed this answer since you opened this page. Look at it again."
)
HIDDEN = (
    "This was not stored: the form asks it only after an answer above zero, or after "
    "a yes or a refusal."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a form says at one item; `blank`: nothing is marked there."""

    said: Said
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Unstored:
    """A line that was not taken, and why."""

    position: int
    link_id: str
    why: str


def enter_form(
    seat: Entering, lines: Sequence[Line], *, at: datetime
) -> list[Unstored]:
    """Store what is new on a form; returns what could not be stored.

    Each item is a commit of its own, those that show danger first: whatever breaks
    off half-way, what was stored is flagged. Raises NoSuchSitting or Over.
    """
    sitting = load(seat.screening_id)
    new = [
        line
        for line in _danger_first(sitting, lines)
        if not _stands_already(sitting, line)
    ]
    refused = [(line, _refusal(seat, line, at=at)) for line in new]
    if not new:
        return []
    sitting = load(seat.screening_id)
    return [
        Unstored(line.said.position, line.said.link_id, why or ELSEWHERE)
        for line, why in refused
        if why or not _settled(sitting, line)
    ]


def _danger_first(sitting: Sitting, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield safety items before the others, each group in the order of the form."""
    safety = [_is_safety(sitting, line.said) for line in lines]
    for wanted in (True, False):
        yield from (
            line for line, is_it in zip(lines, safety, strict=True) if is_it is wanted
        )


def _is_safety(sitting: Sitting, said: Said) -> bool:
    return sitting.item(said.position, said.link_id).safety


def _stands_already(sitting: Sitting, line: Line) -> bool:
    """Return whether the page showed this very answer: saving is no new answer."""
    said = line.said
    if line.blank:
        return Step(part=said.position, link_id=said.link_id) in sitting.blank()
    current = sitting.given.get(said.position, {}).get(said.link_id)
    if current is None or current.seq != said.base_seq:
        return False
    return current.value == said.value


def _refusal(seat: Entering, line: Line, *, at: datetime) -> str:
    """Enter one line; returns why it was not stored, or nothing."""
    try:
        taken = (leave_blank if line.blank else enter)(seat, line.said, at=at)
    except AnswerRefused as error:
        if not _is_hidden(load(seat.screening_id), line.said):
            return str(error)
        return "" if line.blank else HIDDEN
    if taken.outcome.to in ("expired", "done"):
        raise Over
    return ""


def _is_hidden(sitting: Sitting, said: Said) -> bool:
    """Return whether the form, as it stands now, does not come to this item."""
    instrument = sitting.instrument(said.position)
    asked = visible_items(instrument, sitting.answers(said.position))
    return instrument.item(said.link_id) not in asked


def _settled(sitting: Sitting, line: Line) -> bool:
    """Return whether the form now says what this line says."""
    given = sitting.answers(line.said.position)
    if line.blank:
        return True
    return line.said.link_id in given and given[line.said.link_id] == line.said.value
