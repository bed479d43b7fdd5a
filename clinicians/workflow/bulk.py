"""What may be done to several cases at once: nothing pressing, nothing about self-harm."""

from collections.abc import Collection
from enum import StrEnum

from clinicians.workflow.moves import MoveRefused, Part, Status, check_move
from screening.domain.rules import Tier


class BulkKind(StrEnum):
    """What is done to each of them."""

    CLAIM = "CLAIM"
    CLOSE = "CLOSE"


class BulkRefused(ValueError):
    """This case is not for acting on several at once, or not any more."""


def check_bulk(
    kind: BulkKind,
    *,
    tier: Tier,
    rules: Collection[str],
    alone: Collection[str],
    status: Status,
    part: Part,
) -> None:
    """Raise BulkRefused or MoveRefused unless the case may be one of several.

    `rules`: those that flagged it; `alone`: those after which a case is never one
    of several.
    """
    if tier is Tier.URGENT:
        raise BulkRefused("It is urgent: urgent cases are worked on one by one.")
    if set(rules) & set(alone):
        raise BulkRefused(
            "It has a flag about self-harm: such cases are worked on one by one."
        )
    if kind is BulkKind.CLAIM:
        check_move(status, Status.ACKNOWLEDGED, part)
        return
    check_move(status, Status.CLOSED, part)
    if part is not Part.OWNER:
        raise BulkRefused("It is not yours: claim it first.")


def can_bulk(
    kind: BulkKind,
    *,
    tier: Tier,
    rules: Collection[str],
    alone: Collection[str],
    status: Status,
    part: Part,
) -> bool:
    """Say whether check_bulk would let it pass."""
    try:
        check_bulk(kind, tier=tier, rules=rules, alone=alone, status=status, part=part)
    except (BulkRefused, MoveRefused):
        return False
    return True
