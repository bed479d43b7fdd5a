"""Reads one screening as a whole, in two queries, for a page or for a turn."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from screening.domain import dialogue
from screening.domain.dialogue import Step
from screening.domain.instruments import Instrument, Item
from screening.domain.stepping import Follows
from screening.models.answer import Turn
from screening.models.definition import instrument_of
from screening.models.screening import Administration, Screening

# How a turn is marked in which staff said that a form has no answer to an item.
LEFT_BLANK = "LeftBlank"


class NoSuchSitting(LookupError):
    """There is no such screening, or its session has been replaced by a newer one."""


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that counts for one item: the latest one."""

    seq: int
    value: int | None
    origin: str
    turn_id: uuid.UUID
    at: datetime
    # The definition that the page showed, where the form has another one.
    asked_as: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn as it stands in the database, without its words."""

    id: uuid.UUID
    key: str
    digest: str
    kind: str
    link_id: str
    outcome: dict[str, Any]
    interpretation: dict[str, Any]


@dataclass(slots=True)
class Sitting:
    """A screening with its administrations, turns and the answers that count."""

    screening: Screening
    administrations: list[Administration]
    turns: dict[str, TurnRecord] = field(default_factory=dict)
    given: dict[int, dict[str, Given]] = field(default_factory=dict)

    def administration(self, position: int) -> Administration:
        """Return the administration at `position`; IndexError if there is none."""
        return self.administrations[position]

    def instrument(self, position: int) -> Instrument:
        """Return the instrument at `position` as this patient was given it."""
        return self.administrations[position].instrument

    def item(self, position: int, link_id: str) -> Item:
        """Return one item; raises AnswerRefused if the instrument has none such."""
        return self.instrument(position).item(link_id)

    def worded(self, step: Step) -> Instrument:
        """Return the instrument in the words in which this item was answered; of one
        without an answer, in those in which it is asked."""
        given = self.given.get(step.part, {}).get(step.link_id)
        if given is None or given.asked_as is None:
            return self.instrument(step.part)
        return instrument_of(given.asked_as)

    def answers(self, position: int) -> dict[str, int | None]:
        """Return link_id -> value of one administration (None = declined)."""
        return {k: g.value for k, g in self.given.get(position, {}).items()}

    def hides(self, step: Step) -> bool:
        """Return whether this item was answered before this opening of the link, and
        the answer is to stay out of sight."""
        given = self.given.get(step.part, {}).get(step.link_id)
        return given is not None and self.screening.hides(given.at)

    @property
    def hides_some(self) -> bool:
        """Return whether any answer is kept out of sight."""
        given = (g.at for part in self.given.values() for g in part.values())
        return any(self.screening.hides(at) for at in given)

    def turn(self, turn_id: uuid.UUID) -> TurnRecord | None:
        """Return the turn with this id, if it belongs to this screening."""
        return next((t for t in self.turns.values() if t.id == turn_id), None)

    def dialogue(self) -> dialogue.Sitting:
        """Return the pure value that the dialogue rules work on."""
        parts = tuple(
            dialogue.Part(
                instrument=a.instrument,
                answers=self.answers(i),
                follows=Follows.from_dict(a.follows) if a.follows else None,
            )
            for i, a in enumerate(self.administrations)
        )
        return dialogue.Sitting(parts=parts, blank=self.blank())

    def blank(self) -> frozenset[Step]:
        """Return the items that staff found blank on the form."""
        return frozenset(
            Step(part=turn.interpretation["position"], link_id=turn.link_id)
            for turn in self.turns.values()
            if turn.interpretation.get("result") == LEFT_BLANK
        )


_TURN_COLUMNS = (
    "id",
    "key",
    "digest",
    "kind",
    "link_id",
    "outcome",
    "interpretation",
    "answers__administration_id",
    "answers__link_id",
    "answers__seq",
    "answers__value",
    "answers__origin",
    "answers__at",
    "answers__asked_as",
)


def load(screening_id: uuid.UUID, *, lock: bool = False) -> Sitting:
    """Read a screening for a page (`lock=False`) or for a turn (`lock=True`).

    Raises NoSuchSitting. With `lock`, must run inside a transaction.
    """
    query = Administration.objects.filter(screening_id=screening_id)
    # A turn never reads who the patient is.
    people = (
        ["screening__clinic"] if lock else ["screening__clinic", "screening__patient"]
    )
    query = query.select_related(*people, "definition").defer("definition__content")
    if lock:
        query = query.select_for_update(of=("screening",))
    administrations = list(query.order_by("position"))
    if not administrations:
        raise NoSuchSitting(screening_id)
    screening = administrations[0].screening
    for administration in administrations:
        administration.screening = screening
    sitting = Sitting(screening=screening, administrations=administrations)
    _read_turns(sitting)
    return sitting


def _read_turns(sitting: Sitting) -> None:
    position = {a.id: i for i, a in enumerate(sitting.administrations)}
    rows = Turn.objects.filter(screening=sitting.screening).order_by("at", "id")
    for row in rows.values_list(*_TURN_COLUMNS):
        turn = TurnRecord(*row[:7])
        admin, link, seq, value, how, at, asked_as = row[7:]
        sitting.turns[turn.key] = turn
        if admin is None:
            continue
        latest = sitting.given.setdefault(position[admin], {})
        if link not in latest or latest[link].seq < seq:
            latest[link] = Given(seq, value, how, turn.id, at, asked_as)
