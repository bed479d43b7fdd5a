"""Questions that are in another language than the page around them, and why."""

from screening.domain.dialogue import Step
from screening.models.sitting import Sitting
from screening.presenters.texts import texts


def foreign(sitting: Sitting, part: int) -> str:
    """Return the language of the official words, where it is not the page's."""
    language = sitting.instrument(part).language
    return "" if language == sitting.screening.language else language


def spoken(sitting: Sitting, step: Step) -> str:
    """Return the language in which an item was answered, where it is not the page's."""
    language = sitting.worded(step).language
    return "" if language == sitting.screening.language else language


def stays(sitting: Sitting, part: int) -> str:
    """Return why these questions are not in the page's language, and who helps."""
    if not foreign(sitting, part):
        return ""
    clinic = sitting.screening.clinic
    said = texts(sitting.screening.language, "language", clinic)
    return str(said["stays_call"] if clinic.phone else said["stays"])
