"""Where a question stands: its address, and its number among those that are asked."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from screening.domain import counting, dialogue
from screening.domain.stepping import asked_instead
from screening.models.sitting import Sitting


def step_at(sitting: Sitting, position: int, number: int) -> dialogue.Step | None:
    """Return the step at an address, if it is being asked."""
    for step in dialogue.steps(sitting.dialogue()):
        item = sitting.item(step.part, step.link_id)
        if step.part == position and item.number == number:
            return step
    return None


def is_there(sitting: Sitting, position: int, number: int) -> bool:
    """Return whether there is such an item at all, asked now or not."""
    if not 0 <= position < len(sitting.administrations):
        return False
    return any(item.number == number for item in sitting.instrument(position).items)


def moved_to(sitting: Sitting, position: int, number: int) -> str:
    """Return the address of an item that is asked in the longer form since, in place of
    the short one that it stood in; empty where there is none such."""
    if not is_there(sitting, position, number):
        return ""
    view = sitting.dialogue()
    items = sitting.instrument(position).items
    link_id = next(item.link_id for item in items if item.number == number)
    longer = asked_instead([part.follows for part in view.parts], position)
    here = {dialogue.Step(part=part, link_id=link_id) for part in longer}
    step = next((step for step in dialogue.steps(view) if step in here), None)
    return url_of(sitting, step) if step else ""


def stands_alone(sitting: Sitting, step: dialogue.Step) -> bool:
    """Whether this is the first item of a form that is asked in place of a short one."""
    parts = sitting.dialogue().parts
    here = parts[step.part].follows
    if here is None or here.cut or here.items:
        return False
    return step == dialogue.Step(
        part=step.part, link_id=parts[step.part].instrument.items[0].link_id
    )


def url_of(sitting: Sitting, step: dialogue.Step) -> str:
    """Return the address of a question."""
    number = sitting.item(step.part, step.link_id).number
    return reverse("question", args=[step.part + 1, number])


def counted(sitting: Sitting, step: dialogue.Step) -> dict[str, Any]:
    """Return "Question 3 of 9". While an open answer may still add questions, both
    ends are said, so that no number turns out to be wrong later."""
    view = sitting.dialogue()
    n, least = dialogue.number(view, step)
    most = counting.most(view)
    words = _("Question %(number)s of %(of)s")
    if most > least:
        words = _("Question %(number)s of %(of)s to %(most)s")
    said = words % {"number": n, "of": least, "most": most}
    return {"number": n, "of": least, "most": most, "place": said}
