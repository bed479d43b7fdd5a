"""Pure rules of what leaves: the states of a delivery, waiting, what a refusal means."""

from records.workflow.moves import (
    MOVES,
    OPEN,
    Mover,
    MoveRefused,
    State,
    can_move,
    check_move,
)
from records.workflow.policy import DeliveryPolicy, build_delivery_policy
from records.workflow.verdicts import (
    Outcome,
    Verdict,
    after_failure,
    verdict_of,
    wait_after,
)

__all__ = [
    "MOVES",
    "OPEN",
    "DeliveryPolicy",
    "MoveRefused",
    "Mover",
    "Outcome",
    "State",
    "Verdict",
    "after_failure",
    "build_delivery_policy",
    "can_move",
    "check_move",
    "verdict_of",
    "wait_after",
]
