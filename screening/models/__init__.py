"""What the screening app keeps: one module per noun."""

from screening.models.amendment import Amendment, PastScore
from screening.models.answer import Answer, Turn
from screening.models.definition import Definition
from screening.models.flag import Episode, Flag
from screening.models.language import ModelCall, WordingSignOff
from screening.models.report import WordingReport
from screening.models.retraction import Retraction
from screening.models.screening import Administration, Invitation, Score, Screening
from screening.models.wording import Wording, WordingEvent, WordingRun, WordingWork

__all__ = [
    "Administration",
    "Amendment",
    "Answer",
    "Definition",
    "Episode",
    "Flag",
    "Invitation",
    "ModelCall",
    "PastScore",
    "Retraction",
    "Score",
    "Screening",
    "Turn",
    "Wording",
    "WordingEvent",
    "WordingReport",
    "WordingRun",
    "WordingSignOff",
    "WordingWork",
]
