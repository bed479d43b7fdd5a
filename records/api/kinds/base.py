"""What every searchable resource type has: rows, parameters, and how it is written."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from core.models import Clinic, same_person
from records.api.kinds.order import (
    MOST_WHOLE,
    Order,
    Page,
    Place,
    Sort,
    in_order,
    is_moment,
    is_whole_place,
    place_of,
    whole_page,
)
from records.api.params import (
    Span,
    TooCostly,
    read_reference,
    read_span,
    read_uuid,
    split,
)
from records.fhir.parts import Json
from records.models import ApiClient
from records.presenters import Naming

Row = TypeVar("Row", bound=Model)
NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose record is asked, and how its addresses are written.

    `client`: who asks, for what is each client's own.
    """

    clinic: Clinic
    naming: Naming
    software: str
    client: ApiClient | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """What a value asks of the rows, and, where rows cannot tell, of the resource.

    `named` is the id that is asked for: some things are found by that alone.
    """

    rows: Q
    keep: Callable[[Json], bool] | None = None
    named: str = ""

    def fits(self, resource: Json) -> bool:
        return self.keep is None or self.keep(resource)


Where = Callable[[Asking, str], Clause]
Clauses = Sequence[Sequence[Clause]]


class Kind(Generic[Row]):
    """One resource type whose resources are made of one row each."""

    type: ClassVar[str]
    key: ClassVar[str] = "id"
    # By parameter: what one of its values asks for.
    where: ClassVar[Mapping[str, Where]]
    # By parameter: what a search may be sorted by.
    sorts: ClassVar[Mapping[str, Sort]] = {}
    # What the reading of one of them is written down about.
    audited: ClassVar[str]

    def rows(self, asking: Asking) -> QuerySet[Row]:
        """All that the clinic has of it."""
        raise NotImplementedError

    def write(self, asking: Asking, rows: Sequence[Row]) -> list[Json]:
        """The rows as resources, in as many queries for all as for one."""
        raise NotImplementedError

    def read(self, asking: Asking, resource_id: str) -> Json | None:
        """One of them, or None."""
        return next(iter(self.find(asking, [resource_id])), None)

    def find(self, asking: Asking, ids: Iterable[str]) -> list[Json]:
        """Those of `ids` that there are."""
        known = [one for one in map(read_uuid, ids) if one]
        rows = self.rows(asking).filter(id__in=known).order_by("id")
        return self.write(asking, list(rows)) if known else []

    def pointing(
        self, asking: Asking, member: str, references: Iterable[str]
    ) -> list[Json]:
        """Those whose `member` refers to one of these; by default none do."""
        return []

    def versions(self, asking: Asking, resource_id: str) -> list[Json]:
        """Every version of one of them, the newest first; by default none is kept."""
        return []

    def begins_at(self, place: Place) -> bool:
        """Whether a next link of ours can have held this place."""
        return len(place) == 1 and read_uuid(str(place[0])) is not None

    def continues(self, clauses: Clauses, place: Place, order: Order | None) -> bool:
        """The same of a search that may be sorted."""
        if self.is_whole(clauses, order):
            return is_whole_place(place, order)
        if order is None:
            return self.begins_at(place)
        return bool(place) and is_moment(place[0]) and self.begins_at(place[1:])

    def is_whole(self, clauses: Clauses, order: Order | None) -> bool:
        """Whether all that fits is read before a page of it is told."""
        if order is not None and order.sort.rows is None:
            return True
        return bool(named(clauses))

    def about(self, resource: Json) -> str:
        """The id that its reading is written down about."""
        return str(resource["id"])

    def page(
        self,
        asking: Asking,
        clauses: Clauses,
        *,
        after: Place | None,
        count: int,
        order: Order | None = None,
    ) -> Page:
        """A page of what fits all clauses, in the order that was asked for."""
        if self.is_whole(clauses, order):
            found = self.everything(asking, clauses)
            return whole_page(found, after=after, count=count, order=order)
        return self.next_rows(asking, clauses, after=after, count=count, order=order)

    def next_rows(
        self,
        asking: Asking,
        clauses: Clauses,
        *,
        after: Place | None,
        count: int,
        order: Order | None,
    ) -> Page:
        """A page that the database puts in order."""
        fitting = self.rows(asking).filter(rows_of(clauses))
        found = list(in_order(fitting, self.key, order, after)[: count + 1])
        shown = found[:count]
        more = place_of(shown[-1], self.key, order) if len(found) > count else None
        return Page(self.write(asking, shown), more)

    def everything(self, asking: Asking, clauses: Clauses) -> list[Json]:
        """All that fits. Raises TooCostly where that is too much to be read whole."""
        rows = self.rows(asking).filter(rows_of(clauses)).order_by(self.key)
        found = list(rows[: MOST_WHOLE + 1])
        if len(found) > MOST_WHOLE:
            raise TooCostly(MOST_WHOLE)
        return self.write(asking, found)

    def count(self, asking: Asking, clauses: Clauses) -> int:
        """How many there are. Raises TooCostly where only reading all of it could tell."""
        if named(clauses):
            return len(self.everything(asking, clauses))
        return self.rows(asking).filter(rows_of(clauses)).count()


def named(clauses: Clauses) -> set[str]:
    """Every id that a search asks for by name."""
    return {one.named for values in clauses for one in values if one.named}


def rows_of(clauses: Clauses) -> Q:
    """What all parameters together ask of the rows; values of one mean "or"."""
    wanted = Q()
    for values in clauses:
        wanted &= reduce(operator.or_, (one.rows for one in values))
    return wanted


def fits(clauses: Clauses, resource: Json) -> bool:
    """Whether a resource is what all parameters together ask for."""
    return all(any(one.fits(resource) for one in values) for values in clauses)


def read_values(asking: Asking, where: Where, value: str) -> list[Clause]:
    """The clauses of one parameter's value."""
    return [where(asking, one) for one in split(value)]


def by_id(asking: Asking, value: str) -> Clause:
    """`_id`: what cannot be an id of ours is nobody's."""
    known = read_uuid(value)
    rows = Q(id=known) if known else NOTHING
    return Clause(rows, lambda made: bool(made["id"] == value), named=value)


def of_patient(path: str, name: str = "patient") -> Where:
    """Everything of one person: also what came to a record merged into this one."""

    def where(asking: Asking, value: str) -> Clause:
        known = patient_id(asking, name, value)
        if known is None:
            return Clause(NOTHING)
        same = same_person(known).filter(clinic=asking.clinic)
        return Clause(Q(**{f"{path}__in": same.values("id")}))

    return where


def patient_id(asking: Asking, name: str, value: str) -> UUID | None:
    """The patient that a parameter names."""
    types = ("Patient",)
    _, found = read_reference(name, value, base=asking.naming.base, types=types)
    return read_uuid(found)


def by_date(name: str, since: Callable[[Asking, datetime], Q]) -> Where:
    """A date, from the one question that rows answer: is it of then or later?"""

    def where(asking: Asking, value: str) -> Clause:
        span = read_span(name, value, asking.clinic.zone)
        begun, over = since(asking, span.start), since(asking, span.end)
        return Clause(_meant(span, begun, over))

    return where


def _meant(span: Span, begun: Q, over: Q) -> Q:
    meanings = {"eq": begun & ~over, "ne": ~(begun & ~over), "ge": begun, "gt": over}
    meanings |= {"lt": ~begun, "le": ~over, "sa": over, "eb": ~begun}
    return meanings[span.prefix]


def says(span: Span, at: datetime) -> bool:
    """Whether a moment is what a date in a search means."""
    begun, over = at >= span.start, at >= span.end
    meanings = {
        "eq": begun and not over,
        "ne": not begun or over,
        "ge": begun,
        "lt": not begun,
        "gt": over,
        "le": not over,
        "sa": over,
        "eb": not begun,
    }
    return meanings[span.prefix]
