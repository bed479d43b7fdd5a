"""In which order a search tells what it found, and where its next page begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable

from records.fhir.parts import Json

Row = TypeVar("Row", bound=Model)
Place = list[Any]
# What rows cannot put in order is read whole: no more of it than this.
MOST_WHOLE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """One page of resources, and where the next one begins."""

    resources: Sequence[Json]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Sort:
    """A moment to sort by: where it stands in a resource, and in rows, if they tell."""

    member: str
    rows: F | Combinable | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a search asked to be sorted by; falling is the newest first."""

    sort: Sort
    falling: bool = False

    def moment(self, resource: Json) -> str:
        """As the resource tells it: instants in UTC sort as they are written."""
        value: Any = resource
        for name in self.sort.member.split("."):
            value = value.get(name, "") if isinstance(value, dict) else ""
        return str(value)


UPDATED = Sort("meta.lastUpdated")


def in_order(
    rows: QuerySet[Row],
    key: str,
    order: Order | None,
    after: Place | None,
    *,
    again: bool = False,
) -> QuerySet[Row]:
    """The rows from a place on; `again`: the row there was not told to its end."""
    falling = order is not None and order.falling
    sign, way = ("-", "lt") if falling else ("", "gt")
    onward = f"{key}__{way}{'e' if again else ''}"
    if order is None:
        rows = rows.order_by(key)
        return rows.filter(**{onward: after[0]}) if after else rows
    told = cast(QuerySet[Row], rows.annotate(sorted_at=order.sort.rows))
    told = told.order_by(f"{sign}sorted_at", f"{sign}{key}")
    if not after:
        return told
    at = datetime.fromisoformat(after[0])
    beyond, same = Q(**{f"sorted_at__{way}": at}), Q(sorted_at=at)
    return told.filter(beyond | (same & Q(**{onward: after[1]})))


def place_of(row: Any, key: str, order: Order | None, *rest: Any) -> Place:
    """Where a row stands, as a next link holds it."""
    value = getattr(row, key)
    own = [value if isinstance(value, int) else str(value), *rest]
    return own if order is None else [row.sorted_at.isoformat(), *own]


def is_moment(value: object) -> bool:
    """Whether the place of a sorted page can have begun with this."""
    try:
        return datetime.fromisoformat(str(value)).utcoffset() is not None
    except ValueError:
        return False


def is_whole_place(place: Place, order: Order | None) -> bool:
    """Whether what is sorted here, not by the database, can have stopped there."""
    return len(place) == (2 if order else 1) and all(
        isinstance(one, str) for one in place
    )


def whole_page(
    found: Sequence[Json], *, after: Place | None, count: int, order: Order | None
) -> Page:
    """A page of what was read whole, by moment and id."""
    falling = order is not None and order.falling
    places = sorted(((_place(one, order), one) for one in found), key=_first)
    if falling:
        places.reverse()
    if after is not None:
        places = [
            one for one in places if (one[0] < after if falling else one[0] > after)
        ]
    shown = places[:count]
    more = shown[-1][0] if len(places) > count else None
    return Page([one for _, one in shown], more)


def _place(resource: Json, order: Order | None) -> list[str]:
    return [*([order.moment(resource)] if order else []), str(resource["id"])]


def _first(pair: tuple[list[str], Json]) -> list[str]:
    return pair[0]
