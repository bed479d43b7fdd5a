"""What a questionnaire is; refuses one that cannot be scored safely."""

from screening.domain.building import build, text_checksum
from screening.domain.measures import (
    Algorithm,
    Band,
    ChangeRule,
    Cut,
    Finding,
    MissingRule,
    Published,
    Subscale,
    Symptom,
    Triage,
)
from screening.domain.questionnaire import (
    AnswerRefused,
    Instrument,
    Item,
    Licence,
    Option,
)
from screening.domain.reading import DefinitionError
from screening.domain.snapshot import from_dict, to_dict

__all__ = [
    "Algorithm",
    "AnswerRefused",
    "Band",
    "ChangeRule",
    "Cut",
    "DefinitionError",
    "Finding",
    "Instrument",
    "Item",
    "Licence",
    "MissingRule",
    "Option",
    "Published",
    "Subscale",
    "Symptom",
    "Triage",
    "build",
    "from_dict",
    "text_checksum",
    "to_dict",
]
