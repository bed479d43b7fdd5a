"""What a page says of help from a language model: that it may help, and who else does."""

from dataclasses import dataclass

from screening.domain.dialogue import Step
from screening.engine.calling import may_ask_model, model_is_offered
from screening.models.sitting import Sitting
from screening.presenters.texts import texts


@dataclass(frozen=True, slots=True)
class AiNotice:
    """`here`, `human` and the clinic's `phone` where a model may help with this very
    item, else empty; `change` leads to the choice."""

    change: str
    here: str = ""
    human: str = ""
    phone: str = ""


def ai_notice(sitting: Sitting, step: Step) -> AiNotice | None:
    """Return what stands on an item's page, or None where no model is offered."""
    screening = sitting.screening
    if not model_is_offered(screening.clinic):
        return None
    said = texts(screening.language, "ai", screening.clinic)
    change = said["manage_on" if screening.ai_consent else "manage_off"]
    if not may_ask_model(sitting, sitting.item(step.part, step.link_id)):
        return AiNotice(change)
    phone = screening.clinic.phone
    human = said["human" if phone else "human_none"]
    return AiNotice(change, here=said["here"], human=human, phone=phone)
