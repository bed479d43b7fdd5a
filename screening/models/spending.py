"""What a clinic's calls to a model took, read from their rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, F, IntegerField, Q, Sum, Value
from django.db.models.functions import Coalesce

from core.models import Clinic
from screening.models.language import ModelCall

# Rows written before calls were charged say their tokens only.
_TOKENS = Coalesce(
    F("tokens_charged"),
    Coalesce(F("tokens_in"), Value(0)) + Coalesce(F("tokens_out"), Value(0)),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Used:
    """The calls of one day: how many went out, tokens charged, and their known cost."""

    calls: int
    tokens: int
    cost: Decimal


def used_today(clinic: Clinic, *, at: dt.datetime) -> Used:
    """What the clinic's calls took on its own calendar day, in one query."""
    begins, ends = day_of(clinic, at=at)
    rows = ModelCall.objects.filter(clinic=clinic, at__gte=begins, at__lt=ends)
    zero = Value(Decimal(0), output_field=DecimalField())
    found = rows.aggregate(
        calls=Count("id", filter=Q(tokens_charged__gt=0) | Q(tokens_in__gt=0)),
        tokens=Coalesce(Sum(_TOKENS), Value(0)),
        cost=Coalesce(Sum("cost"), zero),
    )
    return Used(**found)


def day_of(clinic: Clinic, *, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From midnight to midnight on the clinic's clock; not always 24 hours."""
    day = at.astimezone(clinic.zone).date()
    midnight = dt.time.min
    return (
        dt.datetime.combine(day, midnight, tzinfo=clinic.zone),
        dt.datetime.combine(day + dt.timedelta(days=1), midnight, tzinfo=clinic.zone),
    )
