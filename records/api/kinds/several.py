"""Types of which one administration gives several, such as its Observations."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db.models import Q

from records.api.kinds.base import (
    NOTHING,
    Asking,
    Clause,
    Clauses,
    Kind,
    Where,
    fits,
    rows_of,
    says,
)
from records.api.kinds.order import Order, Page, Place, in_order, place_of
from records.api.kinds.sheets import changed_since
from records.api.params import read_reference, read_span, read_uuid
from records.fhir.parts import Json
from screening.models import Administration

UUID_LENGTH = 36


def owner(resource_id: str) -> UUID | None:
    """The administration that an id begins with."""
    known, dot, rest = resource_id[:UUID_LENGTH], resource_id[36:37], resource_id[37:]
    return read_uuid(known) if dot == "." and rest else None


class SheetKind(Kind[Administration]):
    """A type of which one administration gives several; its id comes first in theirs."""

    audited = "Administration"
    # How many of it every administration gives at least.
    least: ClassVar[int]

    def find(self, asking: Asking, ids: Iterable[str]) -> list[Json]:
        wanted = set(ids)
        owners = {one for one in map(owner, wanted) if one}
        if not owners:
            return []
        rows = list(self.rows(asking).filter(id__in=owners).order_by("id"))
        return [one for one in self.write(asking, rows) if one["id"] in wanted]

    def about(self, resource: Json) -> str:
        return str(resource["id"])[:UUID_LENGTH]

    def begins_at(self, place: Place) -> bool:
        return (
            len(place) == 2
            and read_uuid(str(place[0])) is not None
            and isinstance(place[1], int)
        )

    def pointing(
        self, asking: Asking, member: str, references: Iterable[str]
    ) -> list[Json]:
        """Those whose `member` refers to one of these."""
        wanted = set(references)
        ids = (one.partition("/")[2] for one in wanted)
        known = (read_uuid(one[:UUID_LENGTH]) for one in ids)
        owners = {one for one in known if one is not None}
        rows = list(self.rows(asking).filter(id__in=owners).order_by("id"))
        return [
            one
            for one in self.write(asking, rows)
            if wanted & {each["reference"] for each in one.get(member, ())}
        ]

    def everything(self, asking: Asking, clauses: Clauses) -> list[Json]:
        found = super().everything(asking, clauses)
        return [one for one in found if fits(clauses, one)]

    def count(self, asking: Asking, clauses: Clauses) -> int:
        """Rows do not tell how many each of them gives."""
        return len(self.everything(asking, clauses))

    def next_rows(
        self,
        asking: Asking,
        clauses: Clauses,
        *,
        after: Place | None,
        count: int,
        order: Order | None,
    ) -> Page:
        """A page may be short, or empty, and still have a next one."""
        fitting = self.rows(asking).filter(rows_of(clauses))
        begun, passed = (after[-2], int(after[-1])) if after else (None, -1)
        rows = in_order(fitting, self.key, order, after, again=True)
        sorted_out = any(one.keep for values in clauses for one in values)
        # What nothing is sorted out of fills a page from fewer of them.
        enough = count if sorted_out else count // self.least + 1
        read = list(rows[: enough + 1])
        owners = {str(one.id): one for one in read}
        places: list[tuple[Place, Json]] = []
        by_owner: dict[str, int] = {}
        for made in self.write(asking, read[:enough]):
            whose = self.about(made)
            number = by_owner[whose] = by_owner.get(whose, -1) + 1
            told = whose == begun and number <= passed
            if not told and fits(clauses, made):
                place = place_of(owners[whose], self.key, order, number)
                places.append((place, made))
        shown = places[:count]
        if len(places) > count:
            more: Place | None = shown[-1][0]
        else:
            rest = read[enough:]
            more = place_of(rest[0], self.key, order, -1) if rest else None
        return Page([made for _, made in shown], more)


def changed_exactly(asking: Asking, value: str) -> Clause:
    """`_lastUpdated` of each: one answer of a form may be put right, and its others not.

    Rows can only tell that something of it changed, so they narrow by that.
    """
    span = read_span("_lastUpdated", value, asking.clinic.zone)
    narrows = span.prefix in ("eq", "ge", "gt", "sa")
    start = span.start if span.prefix in ("eq", "ge") else span.end
    return Clause(
        changed_since(asking, start) if narrows else Q(),
        lambda made: says(span, datetime.fromisoformat(made["meta"]["lastUpdated"])),
    )


def by_own_id(asking: Asking, value: str) -> Clause:
    """`_id` of a resource that is one of several."""
    known = owner(value)
    wanted = Q(id=known) if known else NOTHING
    return Clause(wanted, lambda made: bool(made["id"] == value))


def referring(name: str, member: str, *types: str) -> Where:
    """References from `member`, to something of the same administration."""

    def where(asking: Asking, value: str) -> Clause:
        base = asking.naming.base
        kind, found = read_reference(name, value, base=base, types=types)
        known = read_uuid(found[:UUID_LENGTH])
        wanted = f"{kind}/{found}"
        return Clause(
            Q(id=known) if known else NOTHING,
            lambda made: any(
                each["reference"] == wanted for each in made.get(member, ())
            ),
        )

    return where
