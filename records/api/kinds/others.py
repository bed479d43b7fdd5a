"""Patients, and the lines of the audit log."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import F, Max, Q, QuerySet

from core.models import AuditEvent, Patient, PatientIdentifier, same_person
from core.models.patient import birth_date_index, identifier_index
from records.api.kinds.base import (
    NOTHING,
    Asking,
    Clause,
    Clauses,
    Kind,
    by_date,
    by_id,
    patient_id,
    rows_of,
)
from records.api.kinds.order import (
    UPDATED,
    Order,
    Page,
    Place,
    Sort,
    in_order,
    place_of,
)
from records.api.params import SearchRefused, read_span, read_token
from records.fhir.audit_event import audit_event
from records.fhir.parts import Json
from records.fhir.patient import patient
from records.presenters.patient import (
    patient_changed_since,
    patient_records,
    patient_rows,
)
from records.presenters.trail import about, trail_lines, trail_rows


def _changed_since(asking: Asking, at: datetime) -> Q:
    return patient_changed_since(asking.clinic, at)


def _identifier(asking: Asking, value: str) -> Clause:
    """By a record number; its system may be our address for a name that is none."""
    token = read_token(value)
    if not token.code:
        raise SearchRefused("identifier", "needs a value, such as system|value")
    numbers = PatientIdentifier.objects.filter(
        clinic=asking.clinic, value_index=identifier_index(token.code)
    )
    if token.system is not None:
        systems = [
            one
            for one in asking.clinic.identifiers.values_list(
                "system", flat=True
            ).distinct()
            if asking.naming.identifier_system(asking.clinic.id, one) == token.system
        ]
        numbers = numbers.filter(system__in=systems)
    # As a set of patients: joined, two numbers of one would show that one twice.
    return Clause(Q(id__in=numbers.values("patient")))


def _birthdate(asking: Asking, value: str) -> Clause:
    """One day: birth dates are sealed, and only a whole one can be compared."""
    span = read_span("birthdate", value, asking.clinic.zone)
    day = value.removeprefix("eq")
    if span.prefix != "eq" or len(day) != len("1980-01-31"):
        raise SearchRefused("birthdate", "takes one day, such as 1980-01-31")
    return Clause(Q(birth_date_index=birth_date_index(day)))


class Patients(Kind[Patient]):
    """Records of patients, those that were merged included."""

    type = "Patient"
    audited = "patient"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _changed_since),
        "identifier": _identifier,
        "birthdate": _birthdate,
    }
    sorts: ClassVar = {"_lastUpdated": UPDATED}

    def rows(self, asking: Asking) -> QuerySet[Patient]:
        return patient_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Patient]) -> list[Json]:
        made = patient_records(asking.clinic, rows, asking.naming)
        return [patient(one) for one in made]


def _line_about(asking: Asking, value: str) -> Clause:
    known = patient_id(asking, "patient", value)
    if known is None:
        return Clause(NOTHING)
    same = same_person(known).filter(clinic=asking.clinic)
    return Clause(about(same.values_list("id", flat=True)))


def _line_since(asking: Asking, at: datetime) -> Q:
    return Q(at__gte=at)


# What the column that numbers the lines can hold.
MOST_LINES = 2**63


class AuditEvents(Kind[AuditEvent]):
    """What left and what was refused, in the order in which it happened."""

    type = "AuditEvent"
    key = "seq"
    audited = "AuditEvent"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _line_since),
        "patient": _line_about,
        "date": by_date("date", _line_since),
    }
    sorts: ClassVar = {
        "_lastUpdated": Sort("meta.lastUpdated", F("at")),
        "date": Sort("recorded", F("at")),
    }

    def rows(self, asking: Asking) -> QuerySet[AuditEvent]:
        return trail_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[AuditEvent]) -> list[Json]:
        made = trail_lines(asking.clinic, rows, asking.naming, asking.software)
        return [audit_event(one) for one in made]

    def begins_at(self, place: Place) -> bool:
        return len(place) == 2 and all(
            isinstance(one, int) and 0 <= one < MOST_LINES for one in place
        )

    def next_rows(
        self,
        asking: Asking,
        clauses: Clauses,
        *,
        after: Place | None,
        count: int,
        order: Order | None,
    ) -> Page:
        """Up to where the log ended when the first page was read.

        Each page adds a line to the log: without that end there would be no last one.
        """
        rows = self.rows(asking).filter(rows_of(clauses))
        if after:
            end = after[-1]
        else:
            end = self.rows(asking).aggregate(end=Max("seq"))["end"] or 0
        rows = in_order(rows.filter(seq__lte=end), self.key, order, after)
        found = list(rows[: count + 1])
        shown = found[:count]
        more = place_of(shown[-1], self.key, order, end) if len(found) > count else None
        return Page(self.write(asking, shown), more)
