"""What was answered before this opening of the link: kept out of sight until asked for.

Whoever holds the phone now may have been given it, or read along.
"""

from typing import Any

from django.urls import reverse

from screening.domain import dialogue
from screening.models.sitting import Sitting
from screening.presenters.texts import texts


def onward(sitting: Sitting) -> str:
    """Return the first item that is still open, or the page with all answers."""
    step = dialogue.first_open(sitting.dialogue())
    if step is None:
        return reverse("review")
    number = sitting.item(step.part, step.link_id).number
    return reverse("question", args=[step.part + 1, number])


def kept_onward(sitting: Sitting, position: int, number: int) -> str:
    """Return where "Continue" leads from an item whose answer is out of sight, with
    nothing chosen: the answer is kept. Empty where it has to be answered."""
    for step in dialogue.steps(sitting.dialogue()):
        here = (step.part, sitting.item(step.part, step.link_id).number)
        if here == (position, number) and sitting.hides(step):
            return onward(sitting)
    return ""


def earlier_note(sitting: Sitting, which: str) -> dict[str, Any] | None:
    """Return what a page says of answers out of sight, or None if there are none.

    `which`: the sentence, by its name among the texts of the page "earlier".
    """
    if not sitting.hides_some:
        return None
    said = texts(sitting.screening.language, "earlier", sitting.screening.clinic)
    return {
        "text": said[which],
        "hidden": said["hidden"],
        "show": said["show"],
        "go_on": said["go_on"],
        "onward": onward(sitting),
    }
