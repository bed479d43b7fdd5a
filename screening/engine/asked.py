"""In which words an item stood on the page that answered it."""

from screening.domain.instruments import Instrument
from screening.domain.scoring import AnswerRefused, check_value
from screening.engine.values import Said
from screening.models import Definition
from screening.models.sitting import Sitting


def asked_as(sitting: Sitting, said: Said) -> Definition | None:
    """Return the definition that the page showed, where the form has another by now:
    the language may be switched in another window.

    A page that names none of this questionnaire counts as showing the form as it is,
    since no answer may be lost over this.
    """
    here = sitting.administration(said.position)
    if said.asked_as in (None, here.definition_id):
        return None
    of_this_form = Definition.objects.filter(
        instrument_id=here.definition.instrument_id, id=said.asked_as
    )
    found = of_this_form.defer("content").first()
    return found if found and _offers(found.instrument, said) else None


def worded(sitting: Sitting, said: Said, stood: Definition | None) -> Instrument:
    """Return the instrument in the words that the page showed."""
    return stood.instrument if stood else sitting.instrument(said.position)


def _offers(instrument: Instrument, said: Said) -> bool:
    try:
        instrument.item(said.link_id)
        if said.value is not None:
            check_value(instrument, said.link_id, said.value)
    except AnswerRefused:
        return False
    return True
