"""One turn, start to finish: what the patient said in, where it leads out."""

from screening.engine.entering import cancel, leave_blank
from screening.engine.explaining import NothingToPick, pick
from screening.engine.finish import submit, withdraw
from screening.engine.hearing import hear_only, hear_unkept
from screening.engine.reporting import report
from screening.engine.sheet import Line, Unstored, enter_form
from screening.engine.sweep import sweep_unheard
from screening.engine.turn import enter, take_turn
from screening.engine.values import Claim, Entering, Outcome, Over, Said, Taken, claimed

__all__ = [
    "Claim",
    "Entering",
    "Line",
    "Outcome",
    "NothingToPick",
    "Over",
    "Said",
    "Taken",
    "Unstored",
    "cancel",
    "claimed",
    "enter",
    "enter_form",
    "hear_only",
    "hear_unkept",
    "leave_blank",
    "pick",
    "report",
    "submit",
    "sweep_unheard",
    "take_turn",
    "withdraw",
]
