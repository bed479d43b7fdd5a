"""The next page of a list by where the last one ended: no counting, no skipping."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
OPEN_ORDER = ("tier_rank", "due_at", "-value_rank", "id")
CLOSED_ORDER = ("-closed_at", "id")
NEWEST_FIRST = ("-created_at", "id")
_BETWEEN = "~"


class PlaceLost(ValueError):
    """The address of a next page that cannot be read."""


def ordered(rows: QuerySet[Row], order: Sequence[str]) -> QuerySet[Row]:
    """Tier, then due: what is overdue is thereby first. Ties end at the id."""
    return rows.order_by(*order)


def place_after(row: Model, order: Sequence[str]) -> str:
    """Where this row stands, for the address of the page that follows it."""
    values = (getattr(row, name.lstrip("-")) for name in order)
    words = (v.isoformat() if isinstance(v, datetime) else str(v) for v in values)
    return _BETWEEN.join(words)


def after(rows: QuerySet[Row], order: Sequence[str], place: str) -> QuerySet[Row]:
    """Only what follows the place; raises PlaceLost if it is no place."""
    words = place.split(_BETWEEN)
    if len(words) != len(order):
        raise PlaceLost
    names = [name.lstrip("-") for name in order]
    values = dict(zip(names, map(_read, names, words), strict=True))
    beyond = Q()
    for index, name in enumerate(order):
        bare = names[index]
        side = "lt" if name.startswith("-") else "gt"
        same = {earlier: values[earlier] for earlier in names[:index]}
        beyond |= Q(**same) & Q(**{f"{bare}__{side}": values[bare]})
    return rows.filter(beyond)


def _read(name: str, word: str) -> object:
    try:
        if name == "id":
            return uuid.UUID(word)
        if not name.endswith("_at"):
            return int(word[:6])
        moment = datetime.fromisoformat(word)
        if moment.tzinfo is None:
            raise PlaceLost
        # At the ends of the calendar there is no such moment in UTC.
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PlaceLost from error
