"""Creates a screening with its administrations, each with its frozen definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.models import Patient
from screening import definitions
from screening.actions import chain
from screening.actions.definitions import NotAvailable, find, snapshot
from screening.domain.stepping_plan import Planned, plan
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
    """Create a screening with one administration an instrument of `battery`.

    Where the clinic lets short forms lead on, each longer form is planned after its
    short one. What staff enter or import is what stands on the form, and no more.
    """
    planned = [
        Planned(instrument=find(instrument_id, language)) for instrument_id in battery
    ]
    if patient.clinic.step_up and origin == Screening.Origin.INVITATION:
        planned = _stepping(planned, language, always=patient.clinic.step_safety)
    return _create(
        patient=patient,
        parts=[_Part(snapshot(p.instrument, at=at), _follows(p)) for p in planned],
        battery=battery,
        language=language,
        origin=origin,
        by=by,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One administration to be: its definition, and how it follows from another."""

    definition: Definition
    follows: dict[str, Any] | None


def _stepping(
    planned: Sequence[Planned], language: str, *, always: bool
) -> list[Planned]:
    shipped = definitions.load_all().items()
    return plan(
        [each.instrument for each in planned],
        definitions.step_rules(),
        {name: each for (name, spoken), each in shipped if spoken == language},
        always=always,
    )


def _follows(planned: Planned) -> dict[str, Any] | None:
    return planned.follows.to_dict() if planned.follows else None


def _create(
    *,
    patient: Patient,
    parts: Sequence[_Part],
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
        Administration(
            screening=screening,
            definition=part.definition,
            follows=part.follows,
            position=i,
        )
        for i, part in enumerate(parts)
    )
    return screening


def start_again(stale: Screening, *, at: datetime) -> Screening:
    """Create a fresh screening of the same battery, where an old one has expired."""
    asked = stale.administrations.select_related("definition")
    return _create(
        patient=stale.patient,
        parts=[_Part(_newest(each.definition, at=at), each.follows) for each in asked],
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
