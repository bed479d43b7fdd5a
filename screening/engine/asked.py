"""In which words an item stood on the page that answered it."""

from dataclasses import replace

from screening.domain.instruments import Instrument
from screening.domain.scoring import AnswerRefused, check_value
from screening.domain.stepping import asked_instead
from screening.engine.values import Said
from screening.models import Definition
from screening.models.sitting import Sitting


def where_it_counts(sitting: Sitting, said: Said) -> Said:
    """Return what was said at the item where it counts: a page of a short form may be
    open in whose place the longer one is asked since."""
    if not 0 <= said.position < len(sitting.administrations):
        return said
    follows = [part.follows for part in sitting.dialogue().parts]
    for longer in asked_instead(follows, said.position):
        if any(i.link_id == said.link_id for i in sitting.instrument(longer).items):
            return replace(said, position=longer)
    return said


def asked_as(sitting: Sitting, said: Said) -> Definition | None:
    """Return the definition that the page showed, where the form has another by now:
    the language may be switched in another window.

    A page that names none with this question counts as showing the form as it is,
    since no answer may be lost over this.
    """
    here = sitting.administration(said.position)
    if said.asked_as in (None, here.definition_id):
        return None
    forms = {one.definition.instrument_id for one in sitting.administrations}
    of_these_forms = Definition.objects.filter(
        instrument_id__in=forms, id=said.asked_as
    )
    found = of_these_forms.defer("content").first()
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
