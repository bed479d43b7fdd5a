"""How a delivery moves: its states, and who may move it where."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a delivery stands. A wait before the next try is DUE with a later time.

    REPLACED: a newer version of the same result is delivered instead. STOPPED: its
    destination was ended before it could leave.
    """

    DUE = "DUE"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    DEAD = "DEAD"
    REPLACED = "REPLACED"
    STOPPED = "STOPPED"


class Mover(StrEnum):
    """Who moves it."""

    SENDER = "SENDER"
    ADMINISTRATOR = "ADMINISTRATOR"


# Not settled: whatever comes later for the same patient waits for these.
OPEN = frozenset({State.DUE, State.SENT})

_SENDER = frozenset({Mover.SENDER})
_PERSON = frozenset({Mover.ADMINISTRATOR})
MOVES: Mapping[tuple[State, State], frozenset[Mover]] = {
    (State.DUE, State.SENT): _SENDER,
    # A sender died with it: whoever comes next takes it up.
    (State.SENT, State.SENT): _SENDER,
    (State.SENT, State.ACCEPTED): _SENDER,
    (State.SENT, State.REFUSED): _SENDER,
    (State.SENT, State.DUE): _SENDER,
    (State.SENT, State.DEAD): _SENDER,
    (State.SENT, State.REPLACED): _SENDER,
    (State.DUE, State.STOPPED): _PERSON,
    # The sender stops what its receiver may not be told any more.
    (State.SENT, State.STOPPED): _SENDER | _PERSON,
    (State.REFUSED, State.DUE): _PERSON,
    (State.DEAD, State.DUE): _PERSON,
}
_SENTENCES: Mapping[tuple[State, State], str] = {
    (State.DUE, State.DUE): "This is on its way already.",
    (State.SENT, State.DUE): "This is being sent right now.",
    (State.ACCEPTED, State.DUE): "The receiver has this already.",
    (State.REPLACED, State.DUE): (
        "A newer version of this result is delivered instead."
    ),
    (State.STOPPED, State.DUE): "The connection that this was for has ended.",
}


class MoveRefused(ValueError):
    """This delivery cannot be moved so; the sentence says why."""


def check_move(from_: State, to: State, mover: Mover) -> None:
    """Raise MoveRefused unless this mover may move a delivery so."""
    if mover not in MOVES.get((from_, to), frozenset()):
        plain = f"A delivery cannot go from {from_.lower()} to {to.lower()}."
        raise MoveRefused(_SENTENCES.get((from_, to), plain))


def can_move(from_: State, to: State, mover: Mover) -> bool:
    """Say whether check_move would let it pass."""
    try:
        check_move(from_, to, mover)
    except MoveRefused:
        return False
    return True
