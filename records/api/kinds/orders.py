"""ServiceRequests: what patients were asked to answer, and how far each came."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import F, Q, QuerySet

from records.api.kinds.base import (
    NOTHING,
    Asking,
    Clause,
    Kind,
    by_date,
    by_id,
    of_patient,
)
from records.api.kinds.order import UPDATED, Sort
from records.api.params import read_token
from records.fhir.ordered import REQUEST, service_request
from records.fhir.parts import Json
from records.presenters.orders import orders_of, told_of
from screening.models import Screening


def _since(asking: Asking, at: datetime) -> Q:
    """By the last of these moments that there is."""
    wanted, later = Q(), Q()
    for moment in ("closed_at", "started_at", "consented_at", "created_at"):
        wanted |= later & Q(**{f"{moment}__gte": at})
        later &= Q(**{f"{moment}__isnull": True})
    return wanted


def _ordered_since(asking: Asking, at: datetime) -> Q:
    return Q(created_at__gte=at)


def _status(asking: Asking, value: str) -> Clause:
    code, ended = read_token(value).code, Q(status__in=REQUEST)
    stands = {"active": ~ended} | {
        word: Q(status__in=[own for own, fhir in REQUEST.items() if fhir == word])
        for word in REQUEST.values()
    }
    return Clause(stands.get(code, NOTHING))


class Orders(Kind[Screening]):
    """Screenings that a patient was invited to, by whoever asked for it."""

    type = "ServiceRequest"
    audited = "screening"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _since),
        "patient": of_patient("patient"),
        "status": _status,
        "authored": by_date("authored", _ordered_since),
    }
    sorts: ClassVar = {
        "_lastUpdated": UPDATED,
        "authored": Sort("authoredOn", F("created_at")),
    }

    def rows(self, asking: Asking) -> QuerySet[Screening]:
        rows = orders_of(asking.clinic)
        return rows.defer("callback_number", "whereabouts", "emergency_contact")

    def write(self, asking: Asking, rows: Sequence[Screening]) -> list[Json]:
        return [service_request(one) for one in told_of(rows, asking.naming)]
