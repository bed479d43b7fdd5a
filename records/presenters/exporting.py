"""The rows of an export a page at a time, by where the last one ended, as lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Q, QuerySet

from core.crypto import CannotRead
from core.models import Patient
from records.fhir.observation import observations
from records.fhir.outcome import operation_outcome
from records.fhir.patient import patient
from records.fhir.response import questionnaire_response
from records.models import Export
from records.presenters.finished import as_of
from records.presenters.moving import moved_since
from records.presenters.naming import Naming
from records.presenters.patient import patient_records, patient_rows
from records.presenters.sheets import finished_rows, read_sheets
from records.presenters.text_lock import TextChanged
from screening.domain.reading import DefinitionError
from screening.models import Administration

# What one row becomes: by type of resource, its lines.
Lines: TypeAlias = dict[str, list[bytes]]
RESULTS, PATIENTS = "results", "patients"
ERRORS = "OperationOutcome"
UNREADABLE = (CannotRead, DefinitionError, TextChanged)


def phases(export: Export) -> tuple[str, ...]:
    """Which kinds of row have to be gone through, in order."""
    results = {"QuestionnaireResponse", "Observation"} & set(export.types)
    wanted = ((RESULTS, bool(results)), (PATIENTS, "Patient" in export.types))
    return tuple(name for name, needed in wanted if needed)


def total(export: Export) -> int:
    """How many rows there are to go through."""
    return sum(_rows(export, phase).count() for phase in phases(export))


def page(export: Export, phase: str, *, after: str, size: int) -> Sequence[Any]:
    """The rows that follow the one where the last page ended."""
    rows = _rows(export, phase)
    if after:
        rows = rows.filter(id__gt=UUID(after))
    return list(rows.order_by("id")[:size])


def _rows(export: Export, phase: str) -> QuerySet[Any]:
    return _results(export) if phase == RESULTS else _patients(export)


def _results(export: Export) -> QuerySet[Administration]:
    rows = finished_rows(export.clinic)
    if export.patients:
        whose = Q(screening__patient__in=export.patients)
        rows = rows.filter(
            whose | Q(screening__patient__merged_into__in=export.patients)
        )
    if export.since_at:
        since = export.since_at
        rows = rows.filter(
            Q(completed_at__gte=since)
            | Q(score__amended_at__gte=since)
            | Q(screening__retracted_at__gte=since)
            | moved_since(export.clinic, since, path="screening__patient")
        )
    return rows


def _patients(export: Export) -> QuerySet[Patient]:
    rows = patient_rows(export.clinic)
    return rows.filter(id__in=export.patients) if export.patients else rows


def lines_of(
    export: Export, phase: str, rows: Sequence[Any], naming: Naming
) -> Iterator[Lines]:
    """A page of rows as lines; what cannot be read is reported, not left out in
    silence: then each row is read by itself."""
    try:
        yield _lines(export, phase, rows, naming)
        return
    except UNREADABLE:
        pass
    for row in rows:
        try:
            yield _lines(export, phase, [row], naming)
        except UNREADABLE:
            kind = "QuestionnaireResponse" if phase == RESULTS else "Patient"
            text = (
                f"{kind}/{row.id} cannot be read: its key is gone, or it was changed."
            )
            outcome = operation_outcome(code="exception", text=text)
            yield {ERRORS: [json.dumps(outcome).encode()]}


def _lines(export: Export, phase: str, rows: Sequence[Any], naming: Naming) -> Lines:
    made: Lines = {}
    for resource in _resources(export, phase, rows, naming):
        if resource["resourceType"] in export.types and _is_new(export, resource):
            line = json.dumps(resource, ensure_ascii=False).encode()
            made.setdefault(resource["resourceType"], []).append(line)
    return made


def _resources(
    export: Export, phase: str, rows: Sequence[Any], naming: Naming
) -> Iterator[Mapping[str, Any]]:
    if phase == PATIENTS:
        for record in patient_records(export.clinic, rows, naming):
            yield patient(record)
        return
    for sheet in read_sheets(export.clinic, rows, naming):
        administration = as_of(sheet, export.clinic, naming)
        yield questionnaire_response(administration)
        yield from observations(administration)


def _is_new(export: Export, resource: Mapping[str, Any]) -> bool:
    """Nothing is left out for being too new: whoever asks later gets it twice."""
    if export.since_at is None:
        return True
    changed = datetime.fromisoformat(resource["meta"]["lastUpdated"])
    return changed >= export.since_at
