"""The rows of an export a page at a time, by where the last one ended, as lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from core.crypto import CannotRead
from records.fhir.outcome import operation_outcome
from records.models import Export
from records.presenters.exported import SOURCES
from records.presenters.naming import Naming
from records.presenters.sources import Source
from records.presenters.text_lock import TextChanged
from screening.domain.reading import DefinitionError

# What one row becomes: by type of resource, its lines.
Lines: TypeAlias = dict[str, list[bytes]]
Rows: TypeAlias = Sequence[Any]
ERRORS = "OperationOutcome"
UNREADABLE = (CannotRead, DefinitionError, TextChanged)
_BY_NAME = {one.name: one for one in SOURCES}
# Of these no moment says when they changed, so they are in every export.
ALWAYS = ("Questionnaire",)


def phases(export: Export) -> tuple[str, ...]:
    """Which kinds of row have to be gone through, in order."""
    wanted = set(export.types)
    return tuple(one.name for one in SOURCES if wanted & set(one.types))


def total(export: Export) -> int:
    """How many rows there are to go through."""
    return sum(_BY_NAME[phase].count(export) for phase in phases(export))


def page(export: Export, phase: str, *, after: str, size: int) -> Rows:
    """The rows that follow the one where the last page ended."""
    return _BY_NAME[phase].page(export, after=after, size=size)


def place(phase: str, row: Any) -> str:
    """Where a page ends that ends with this row."""
    return _BY_NAME[phase].place(row)


def lines_of(export: Export, phase: str, rows: Rows, naming: Naming) -> Iterator[Lines]:
    """A page of rows as lines; what cannot be read is reported, not left out in
    silence: then each row is read by itself."""
    source = _BY_NAME[phase]
    try:
        yield _lines(export, source, rows, naming)
        return
    except UNREADABLE:
        pass
    for row in rows:
        try:
            yield _lines(export, source, [row], naming)
        except UNREADABLE:
            said = f"{source.types[0]}/{row.id}"
            text = f"{said} cannot be read: its key is gone, or it was changed."
            outcome = operation_outcome(code="exception", text=text)
            yield {ERRORS: [json.dumps(outcome).encode()]}


def _lines(export: Export, source: Source, rows: Rows, naming: Naming) -> Lines:
    made: Lines = {}
    for resource in source.write(export, rows, naming):
        if resource["resourceType"] in export.types and _is_new(export, resource):
            line = json.dumps(resource, ensure_ascii=False).encode()
            made.setdefault(resource["resourceType"], []).append(line)
    return made


def _is_new(export: Export, resource: Mapping[str, Any]) -> bool:
    """Nothing is left out for being too new: whoever asks later gets it twice."""
    if export.since_at is None or resource["resourceType"] in ALWAYS:
        return True
    changed = datetime.fromisoformat(resource["meta"]["lastUpdated"])
    return changed >= export.since_at
