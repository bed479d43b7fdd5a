"""The line that leads from one question to the next, from the reviewed set."""

from screening import definitions
from screening.domain import connecting
from screening.domain.dialogue import Step
from screening.models.sitting import Sitting


def say(sitting: Sitting, step: Step, *, again: bool) -> str:
    """Return a brief connecting line, or an empty one; it steers nothing.

    Nothing begins or comes next on a page that is shown `again`, after an explanation
    or a reply.
    """
    lines = definitions.connecting(sitting.screening.language)
    place = connecting.place_of(sitting.dialogue().parts, step)
    return connecting.line(lines, place, met=again or _was_met(sitting, step))


def _was_met(sitting: Sitting, step: Step) -> bool:
    """Return whether the patient has answered or asked about this item before."""
    if step.link_id in sitting.given.get(step.part, {}):
        return True
    said = (t for t in sitting.turns.values() if t.link_id == step.link_id)
    return any(t.outcome.get("position") == step.part for t in said)
