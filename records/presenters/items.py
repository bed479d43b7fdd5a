"""The items that were asked, with the answers in force."""

from dataclasses import replace

from records.fhir import values
from records.fhir.values import Coding, Concept
from records.presenters.answers import Standing
from records.presenters.naming import Naming, key, loinc
from screening.domain.questionnaire import LOINC, Instrument, Item, Option
from screening.domain.scoring import Answers, visible_items
from screening.models.definition import instrument_of


def in_view(
    instrument: Instrument, given: Answers, *, before: Answers
) -> tuple[Item, ...]:
    """What was asked. An answered safety item stays, whatever was changed before it;
    and what left in the record once stays when an amendment hides it."""
    visible = visible_items(instrument, given)
    seen_before = visible_items(instrument, before)
    return tuple(
        item
        for item in instrument.items
        if item in visible
        or (item.link_id in given and (item.safety or item in seen_before))
    )


def as_item(
    instrument: Instrument,
    item: Item,
    standing: Standing | None,
    naming: Naming,
    *,
    moves: int = 0,
) -> values.Item:
    """One item. `moves`: the versions that the whole form has beside its amendments."""
    value = standing.value if standing else None
    coding = loinc(item.code, item.display)
    read = instrument
    if standing is not None and standing.asked_as is not None:
        read = instrument_of(standing.asked_as)
    words = read.item(item.link_id).text
    local = naming.code(instrument.id, item.concept)
    return values.Item(
        key=key(instrument, item),
        link_id=item.link_id,
        concept=Concept(coding=coding or local, text=words),
        choice=None if value is None else choice(instrument, item, value, naming, read),
        declined=standing is not None and value is None,
        revision=(standing.revision if standing else 1) + moves,
        amended_at=standing.amended_at if standing else None,
        # Our own panel, where LOINC has none, holds every item.
        in_panel=item.code_in_panel or instrument.loinc_panel is None,
        read_in="" if read.language == instrument.language else read.language,
        official=None if read.language == instrument.language else item.text,
    )


def choice(
    instrument: Instrument,
    item: Item,
    value: int,
    naming: Naming,
    read: Instrument | None = None,
) -> values.Choice:
    """The option that a value stands for. `read`: the form in the words that the
    patient read, where they are not its own."""
    option, read = item.option(value), read or instrument
    text = read.item(item.link_id).option(value).text
    coding = option_coding(instrument, item, option, naming)
    # Only English words are a code system's own, and ours; others are in the text.
    display = text if read.language == "en" else None
    return values.Choice(
        concept=Concept(coding=replace(coding, display=display), text=text),
        # LOINC gives the difficulty answers no weight, so they carry none.
        ordinal=option.value if item.scored else None,
    )


def option_coding(
    instrument: Instrument, item: Item, option: Option, naming: Naming
) -> Coding:
    """The code of an option, ours where its form has none."""
    if option.code is None:
        return naming.code(instrument.id, item.concept, str(option.value))
    return Coding(system=option.code_system or LOINC, code=option.code)
