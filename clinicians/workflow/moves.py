"""How a case moves: its statuses, who has to act in each, who may move it where."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a case stands. Reopening is an event that leads to OPEN."""

    OPEN = "OPEN"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    IN_PROGRESS = "IN_PROGRESS"
    TO_CONFIRM = "TO_CONFIRM"
    CLOSED = "CLOSED"


class Keeper(StrEnum):
    """Who has to act next."""

    TEAM = "TEAM"
    OWNER = "OWNER"
    SECOND = "SECOND"
    NOBODY = "NOBODY"


class Part(StrEnum):
    """What somebody is to a case.

    PROPOSER: asked for it to be closed, and so cannot be the second person.
    """

    MEMBER = "MEMBER"
    OWNER = "OWNER"
    PROPOSER = "PROPOSER"
    SUPERVISOR = "SUPERVISOR"
    SYSTEM = "SYSTEM"


KEEPERS: Mapping[Status, Keeper] = {
    Status.OPEN: Keeper.TEAM,
    Status.ACKNOWLEDGED: Keeper.OWNER,
    Status.IN_PROGRESS: Keeper.OWNER,
    Status.TO_CONFIRM: Keeper.SECOND,
    Status.CLOSED: Keeper.NOBODY,
}

_PEOPLE = frozenset({Part.MEMBER, Part.OWNER, Part.SUPERVISOR})
_IN_CHARGE = frozenset({Part.OWNER, Part.SUPERVISOR})
# Whoever looks a second time is somebody else than who proposed.
_SECOND = frozenset({Part.MEMBER, Part.OWNER, Part.SUPERVISOR})
MOVES: Mapping[tuple[Status, Status], frozenset[Part]] = {
    (Status.OPEN, Status.ACKNOWLEDGED): _PEOPLE,
    (Status.ACKNOWLEDGED, Status.IN_PROGRESS): frozenset({Part.OWNER}),
    (Status.ACKNOWLEDGED, Status.OPEN): _IN_CHARGE | {Part.SYSTEM},
    (Status.IN_PROGRESS, Status.OPEN): _IN_CHARGE | {Part.SYSTEM},
    (Status.ACKNOWLEDGED, Status.CLOSED): _IN_CHARGE,
    (Status.IN_PROGRESS, Status.CLOSED): _IN_CHARGE,
    (Status.ACKNOWLEDGED, Status.TO_CONFIRM): _IN_CHARGE,
    (Status.IN_PROGRESS, Status.TO_CONFIRM): _IN_CHARGE,
    (Status.TO_CONFIRM, Status.CLOSED): _SECOND,
    # The second person did not agree, or the proposer took it back.
    (Status.TO_CONFIRM, Status.IN_PROGRESS): _SECOND | {Part.PROPOSER},
    (Status.TO_CONFIRM, Status.OPEN): frozenset({Part.SYSTEM}),
    # Which roles may reopen at all is a permission; a supervisor may have owned it.
    (Status.CLOSED, Status.OPEN): _IN_CHARGE,
}


class MoveRefused(ValueError):
    """This case cannot be moved so; the sentence says why."""


_SENTENCES: Mapping[tuple[Status, Status], str] = {
    (Status.ACKNOWLEDGED, Status.OPEN): (
        "Only its owner or a supervisor can give this case back to the team."
    ),
    (Status.IN_PROGRESS, Status.OPEN): (
        "Only its owner or a supervisor can give this case back to the team."
    ),
    (Status.ACKNOWLEDGED, Status.IN_PROGRESS): "Only its owner works on this case.",
    (Status.ACKNOWLEDGED, Status.CLOSED): (
        "Only its owner or a supervisor can close this case."
    ),
    (Status.IN_PROGRESS, Status.CLOSED): (
        "Only its owner or a supervisor can close this case."
    ),
    (Status.ACKNOWLEDGED, Status.TO_CONFIRM): (
        "Only its owner or a supervisor can propose to close this case."
    ),
    (Status.IN_PROGRESS, Status.TO_CONFIRM): (
        "Only its owner or a supervisor can propose to close this case."
    ),
    (Status.TO_CONFIRM, Status.CLOSED): (
        "You proposed to close this case. A colleague has to confirm it."
    ),
    (Status.TO_CONFIRM, Status.OPEN): (
        "Closing this case waits for a second person. Take the proposal back first."
    ),
    (Status.OPEN, Status.CLOSED): "Claim this case before you close it.",
    (Status.CLOSED, Status.ACKNOWLEDGED): "This case is closed. Reopen it first.",
    (Status.CLOSED, Status.OPEN): "Only a supervisor can reopen a closed case.",
}


def check_move(from_: Status, to: Status, part: Part) -> None:
    """Raise MoveRefused unless somebody in this part may move a case so."""
    if part not in MOVES.get((from_, to), frozenset()):
        plain = f"A case cannot go from {_words(from_)} to {_words(to)}."
        raise MoveRefused(_SENTENCES.get((from_, to), plain))


def can_move(from_: Status, to: Status, part: Part) -> bool:
    """Say whether check_move would let it pass."""
    try:
        check_move(from_, to, part)
    except MoveRefused:
        return False
    return True


def _words(status: Status) -> str:
    return status.value.replace("_", " ").lower()
