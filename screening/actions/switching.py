"""Changes the language of a screening: what has not been begun follows, the rest stays."""

from datetime import datetime

from django.db import transaction

from core.audit import Actor
from screening import definitions
from screening.actions import chain
from screening.actions.definitions import NotAvailable, find, snapshot
from screening.actions.entry import TooLate
from screening.models import Administration, Screening


@transaction.atomic
def switch_language(*, screening: Screening, language: str, at: datetime) -> Screening:
    """Have the pages, and every instrument that nobody has begun, in this language.

    An instrument with an answer keeps its own: one translation was validated as a
    whole, and two mixed are none. So does one that has no text in the language.
    """
    if language not in definitions.codes():
        raise NotAvailable(f"There are no pages in {language}.")
    row = Screening.objects.select_for_update(of=("self",)).get(id=screening.id)
    if not row.is_open:
        raise TooLate("This screening is over.")
    if row.language == language:
        return row
    untouched = row.administrations.select_related("definition").filter(
        answers__isnull=True, started_at__isnull=True
    )
    followed = [one.position for one in untouched if _follow(one, language, at=at)]
    chain.note(
        row,
        "LANGUAGE_SWITCHED",
        by=Actor.patient(row.patient_id),
        at=at,
        detail={"from": row.language, "to": language, "followed": followed},
    )
    row.language = language
    chain.save(row, "language")
    return row


def _follow(administration: Administration, language: str, *, at: datetime) -> bool:
    instrument_id = administration.definition.instrument_id
    try:
        found = find(instrument_id, language)
    except NotAvailable:
        return False
    administration.definition = snapshot(found, at=at)
    administration.save(update_fields=["definition"])
    return True
