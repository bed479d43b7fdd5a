"""What a kind of row has to have, that an export goes through it page by page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from core.models import Clinic, Patient
from records.fhir.parts import Json
from records.models import Export
from records.presenters.naming import Naming

Rows = QuerySet[Any]
Write = Callable[[Export, Sequence[Any], Naming], Iterable[Json]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`changed`: rows said otherwise since then. `whose`: the path to their patient;
    without it, `within` says which rows belong to the patients that are asked for."""

    name: str
    types: tuple[str, ...]
    rows: Callable[[Export], Rows]
    write: Write
    changed: Callable[[Clinic, datetime], Q]
    whose: str = ""
    within: Callable[[Export], Q] = field(default=lambda export: Q())
    key: str = "id"

    def all(self, export: Export) -> Rows:
        """Every row of it that this export is of, in the order of the key."""
        found = self.rows(export)
        if export.since_at:
            found = found.filter(self.changed(export.clinic, export.since_at))
        if export.patients and self.whose:
            found = found.filter(**{f"{self.whose}__in": everybody(export)})
        return found.filter(self.within(export)).order_by(self.key)

    def count(self, export: Export) -> int:
        """How many rows there are to go through."""
        return self.all(export).count()

    def page(self, export: Export, *, after: str, size: int) -> Sequence[Any]:
        """The rows that follow the one where the last page ended."""
        rows = self.all(export)
        if after:
            place = UUID(after) if self.key == "id" else int(after)
            rows = rows.filter(**{f"{self.key}__gt": place})
        return list(rows[:size])

    def place(self, row: Any) -> str:
        """Where a page ends that ends with this row."""
        return str(getattr(row, self.key))


def everybody(export: Export) -> QuerySet[Patient, Any]:
    """The patients that are named, and the records that are one with theirs."""
    own = Patient.objects.filter(clinic=export.clinic, id__in=export.patients)
    stay = own.order_by().values(stays=Coalesce("merged_into_id", "id"))
    same = Patient.objects.filter(Q(id__in=stay) | Q(merged_into_id__in=stay))
    return same.order_by().values("id")


def of_patients(export: Export) -> bool:
    """Whether it is of patients' records, and of nothing else in the clinic."""
    return export.level != "system" or bool(export.patients)
