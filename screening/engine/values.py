"""What goes into a turn and what comes out of it, as plain values."""

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core import crypto
from core.audit import Actor
from core.models import User
from screening.domain.dialogue import Step
from screening.models import Turn
from screening.models.sitting import Sitting

# The note of a "confirm" outcome whose option a model, not a rule, proposed.
BY_MODEL = "model"


class Over(Exception):
    """The screening is over: nothing more can be answered."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a patient's signed cookie says: which screening, which session."""

    screening_id: uuid.UUID
    nonce: str


@dataclass(frozen=True, slots=True)
class Entering:
    """A member of staff at a screening that staff enter; there is no session."""

    screening_id: uuid.UUID
    user: User


Seat = Claim | Entering


def actor(seat: Seat, sitting: Sitting) -> Actor:
    """Return who takes this turn, for the audit log."""
    if isinstance(seat, Entering):
        return Actor.staff(seat.user)
    return Actor.patient(sitting.screening.patient_id)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One post of a patient's page, parsed and bounded.

    `key` is "<seq of the answer the page showed, 0 if none>.<random>".
    """

    key: str
    position: int
    link_id: str
    value: int | None = None
    declined: bool = False
    words_turn: str = ""
    words: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    seconds: int | None = None
    # The definition whose words the page showed.
    asked_as: uuid.UUID | None = None

    @property
    def answers(self) -> bool:
        """Return whether an option was tapped, or declining was."""
        return self.declined or self.value is not None

    @property
    def kind(self) -> str:
        """Return the stored kind of this turn."""
        if self.words_turn:
            return Turn.Kind.CONFIRM
        if self.declined:
            return Turn.Kind.DECLINE
        return Turn.Kind.TAP if self.answers else Turn.Kind.WORDS

    @property
    def digest(self) -> str:
        """Return what tells this from another thing said under the same key."""
        parts = [self.position, self.link_id, self.value, self.declined]
        content = json.dumps([*parts, self.words, self.words_turn])
        return crypto.blind_index(content, purpose="screening.turn")

    def under_another_key(self) -> "Said":
        """Return the same thing said, where its key has been used for another."""
        return replace(self, key=f"{self.key}~{self.digest[:12]}")

    @property
    def base_seq(self) -> int:
        """Return the answer that the patient's page was showing (0 = none)."""
        head = self.key.partition(".")[0]
        return int(head) if head.isdecimal() and len(head) < 9 else 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Where a turn led: which page, about which item.

    `to`: question | review | safety | confirm | again | clarified | reported | expired |
    done.
    """

    to: str
    position: int = 0
    link_id: str = ""
    number: int = 0
    turn: str = ""
    note: str = ""
    concern: bool = False
    values: tuple[int, ...] = ()
    shown: tuple[str, ...] = ()

    @classmethod
    def at_step(cls, to: str, sitting: Sitting, step: Step, **more: Any) -> "Outcome":
        """Return the outcome that leads to one item."""
        item = sitting.item(step.part, step.link_id)
        return cls(
            to=to,
            position=step.part,
            link_id=step.link_id,
            number=item.number,
            **more,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what is stored on the turn, so that a replay leads there too."""
        return {
            "to": self.to,
            "position": self.position,
            "link_id": self.link_id,
            "number": self.number,
            "turn": self.turn,
            "note": self.note,
            "concern": self.concern,
            "values": list(self.values),
            "shown": list(self.shown),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Outcome":
        """Read what `to_dict` wrote."""
        lists = {name: tuple(stored[name]) for name in ("values", "shown")}
        return cls(**{**stored, **lists})


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn taken: where it led, and the screening as it stood."""

    outcome: Outcome
    sitting: Sitting


def claimed(claim: Claim, sitting: Sitting) -> bool:
    """Return whether `claim` is the session that this screening now has."""
    nonce = sitting.screening.session_nonce
    return bool(nonce) and secrets.compare_digest(nonce, claim.nonce)
