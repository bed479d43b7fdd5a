"""One turn, start to finish: what the patient said in, where it leads out."""

from screening.engine.finish import submit, withdraw
from screening.engine.hearing import hear_only
from screening.engine.sweep import sweep_unheard
from screening.engine.turn import take_turn
from screening.engine.values import Claim, Outcome, Over, Said, Taken, claimed

__all__ = [
    "Claim",
    "Outcome",
    "Over",
    "Said",
    "Taken",
    "claimed",
    "hear_only",
    "submit",
    "sweep_unheard",
    "take_turn",
    "withdraw",
]
