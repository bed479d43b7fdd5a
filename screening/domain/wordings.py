"""How a paraphrase moves from a proposal to patients and out again, as one table."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How plain a paraphrase is; a patient is shown PLAIN first."""

    PLAIN = "plain"
    EASY = "easy"


class State(StrEnum):
    """Where a wording stands at one clinic."""

    PROPOSED = "PROPOSED"
    GATED = "GATED"
    APPROVED = "APPROVED"
    RETIRED = "RETIRED"
    VETOED = "VETOED"


class Part(StrEnum):
    """What moves a wording: the checks, one of the two reviewers, a newer version."""

    GATE = "GATE"
    CLINICIAN = "CLINICIAN"
    LIVED_EXPERIENCE = "LIVED_EXPERIENCE"
    SUCCESSOR = "SUCCESSOR"


REVIEWERS = frozenset({Part.CLINICIAN, Part.LIVED_EXPERIENCE})
MOVES: Mapping[tuple[State, State], frozenset[Part]] = {
    (State.PROPOSED, State.GATED): frozenset({Part.GATE}),
    # By whichever of the two signs second.
    (State.GATED, State.APPROVED): REVIEWERS,
    (State.APPROVED, State.RETIRED): REVIEWERS | {Part.SUCCESSOR},
    # Either of the two, alone, and for good.
    (State.PROPOSED, State.VETOED): REVIEWERS,
    (State.GATED, State.VETOED): REVIEWERS,
    (State.APPROVED, State.VETOED): REVIEWERS,
    (State.RETIRED, State.VETOED): REVIEWERS,
}
# What a patient may read under each policy of a clinic.
SHOWN: Mapping[str, frozenset[State]] = {
    "official": frozenset(),
    "approved": frozenset({State.APPROVED}),
    "gated": frozenset({State.GATED, State.APPROVED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text with what the checks say of it today.

    `verdicts` are (check, words) pairs; `level` is empty for an explanation.
    """

    key: str
    concept: str
    language: str
    level: str
    text: str
    checksum: str
    origin: str
    passed: bool
    verdicts: tuple[tuple[str, str], ...] = ()
    stamp: str = ""
    model: str = ""
    prompt_id: str = ""
    prompt_hash: str = ""


class MoveRefused(ValueError):
    """This wording cannot be moved so; the sentence says why."""


_SENTENCES: Mapping[tuple[State, State], str] = {
    (State.PROPOSED, State.APPROVED): (
        "This text has not passed the checks, so nobody can sign it. Write another "
        "version."
    ),
    (State.RETIRED, State.APPROVED): (
        "This text is retired. Propose it anew as another version."
    ),
    (State.VETOED, State.APPROVED): "This text was vetoed. It is never shown again.",
    (State.VETOED, State.VETOED): "This text was vetoed already.",
    (State.PROPOSED, State.RETIRED): "This text was never in use. Veto it instead.",
    (State.GATED, State.RETIRED): "This text was never in use. Veto it instead.",
}


def check_move(from_: State, to: State, part: Part) -> None:
    """Raise MoveRefused unless this part may move a wording so."""
    if part not in MOVES.get((from_, to), frozenset()):
        plain = f"A wording cannot go from {from_.lower()} to {to.lower()}."
        raise MoveRefused(_SENTENCES.get((from_, to), plain))


def can_move(from_: State, to: State, part: Part) -> bool:
    """Say whether check_move would let it pass."""
    try:
        check_move(from_, to, part)
    except MoveRefused:
        return False
    return True


def approved_by(roles: Collection[str]) -> bool:
    """Whether these signatures are all that it takes."""
    return frozenset(roles) >= REVIEWERS


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ only in marks, case or spaces: a veto holds for both."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> list[str]:
    spread = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c for c in spread if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", letters)
