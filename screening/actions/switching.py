"""Changes the language of a screening: what has not been begun follows, the rest stays."""

from collections.abc import Iterable
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
    whole, and two mixed are none. So does one that has no text in the language. A
    longer form that keeps the answers to a short one goes with it or not at all.
    """
    if language not in definitions.codes():
        raise NotAvailable(f"There are no pages in {language}.")
    row = Screening.objects.select_for_update(of=("self",)).get(id=screening.id)
    if not row.is_open:
        raise TooLate("This screening is over.")
    if row.language == language:
        return row
    followed = [
        one.position
        for unit in _units(row.administrations.select_related("definition"))
        for one in _follow(unit, language, at=at)
    ]
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


def _units(rows: Iterable[Administration]) -> list[list[Administration]]:
    """What shares answers, and so has to stay in one language."""
    units: dict[int, list[Administration]] = {}
    for one in rows:
        unit = units[one.follows["of"]] if one.follows else []
        units[one.position] = unit
        unit.append(one)
    return [unit for position, unit in units.items() if unit[0].position == position]


def _follow(
    unit: Iterable[Administration], language: str, *, at: datetime
) -> list[Administration]:
    """Put a unit that nobody has begun in this language, where it has all of it."""
    rows = list(unit)
    if any(one.started_at or one.answers.exists() for one in rows):
        return []
    try:
        found = [find(one.definition.instrument_id, language) for one in rows]
    except NotAvailable:
        return []
    for one, instrument in zip(rows, found, strict=True):
        one.definition = snapshot(instrument, at=at)
        one.save(update_fields=["definition"])
    return rows
