"""Creates a screening with its administrations, each with its frozen definition."""

from collections.abc import Sequence
from datetime import datetime

from core.audit import Actor
from core.models import Patient
from screening.actions import chain
from screening.actions.definitions import NotAvailable, find, snapshot
from screening.models import Administration, Definition, Screening


def start_screening(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    origin: str,
    by: Actor,
    at: datetime,
) -> Screening:
    """Create a screening with one administration an instrument of `battery`."""
    instruments = [find(instrument_id, language) for instrument_id in battery]
    return _create(
        patient=patient,
        definitions=[snapshot(instrument, at=at) for instrument in instruments],
        battery=battery,
        language=language,
        origin=origin,
        by=by,
        at=at,
    )


def _create(
    *,
    patient: Patient,
    definitions: Sequence[Definition],
    battery: Sequence[str],
    language: str,
    origin: str,
    by: Actor,
    at: datetime,
) -> Screening:
    screening = Screening(
        clinic=patient.clinic,
        patient=patient,
        battery=list(battery),
        language=language,
        origin=origin,
        created_at=at,
        created_by_id=by.id,
    )
    chain.note(screening, "SCREENING_CREATED", by=by, at=at)
    screening.save(force_insert=True)
    Administration.objects.bulk_create(
        Administration(screening=screening, definition=definition, position=i)
        for i, definition in enumerate(definitions)
    )
    return screening


def start_again(stale: Screening, *, at: datetime) -> Screening:
    """Create a fresh screening of the same battery, where an old one has expired."""
    asked = stale.administrations.select_related("definition")
    return _create(
        patient=stale.patient,
        definitions=[_newest(each.definition, at=at) for each in asked],
        battery=stale.battery,
        language=stale.language,
        origin=Screening.Origin.INVITATION,
        by=Actor.patient(stale.patient_id),
        at=at,
    )


def _newest(definition: Definition, *, at: datetime) -> Definition:
    """Return today's definition, or the one in use where its file is gone."""
    try:
        return snapshot(find(definition.instrument_id, definition.language), at=at)
    except NotAvailable:
        return definition
