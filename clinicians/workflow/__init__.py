"""The rules of review: pure, no Django, no clock."""

from clinicians.workflow.ladder import LADDER, TOP, Climb, Step, climb
from clinicians.workflow.moves import (
    KEEPERS,
    MOVES,
    Keeper,
    MoveRefused,
    Part,
    Status,
    can_move,
    check_move,
)
from clinicians.workflow.policy import (
    CloseRefused,
    ContactOutcome,
    Disposition,
    Patience,
    ReviewPolicy,
    can_close,
    check_close,
    needs_second,
    resting_minutes,
)
from clinicians.workflow.reading import build_policy
from clinicians.workflow.snooze import SnoozeRefused, check_snooze, offers

__all__ = [
    "KEEPERS",
    "LADDER",
    "MOVES",
    "TOP",
    "Climb",
    "CloseRefused",
    "ContactOutcome",
    "Disposition",
    "Keeper",
    "MoveRefused",
    "Part",
    "Patience",
    "ReviewPolicy",
    "SnoozeRefused",
    "Status",
    "Step",
    "build_policy",
    "can_close",
    "can_move",
    "check_close",
    "check_move",
    "check_snooze",
    "climb",
    "needs_second",
    "offers",
    "resting_minutes",
]
