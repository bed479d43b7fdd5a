"""Tasks, Flags, Communications and Consents: the care that results led to."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import ClassVar

from django.db.models import F, Q, QuerySet

from clinicians.models import Notice
from core.models import same_person
from records.api.kinds.base import (
    NOTHING,
    Asking,
    Clause,
    Clauses,
    Kind,
    Where,
    by_date,
    by_id,
    fits,
    named,
    of_patient,
    patient_id,
    says,
)
from records.api.kinds.order import UPDATED, Sort
from records.api.params import read_span, read_token, read_uuid
from records.fhir import ordered
from records.fhir.consent import consent
from records.fhir.parts import IN_ERROR, Json
from records.fhir.review import communication, flag, task
from records.presenters import since
from records.presenters.casework import (
    STATUS,
    flag_rows,
    notice_rows,
    raised,
    review_rows,
    reviews,
    told,
)
from records.presenters.consents import agreed, consent_rows
from records.presenters.orders import orders_named
from screening.models import Episode, Flag, Screening


def _task_since(asking: Asking, at: datetime) -> Q:
    return since.review_since(asking.clinic, at)


def _opened_since(asking: Asking, at: datetime) -> Q:
    return Q(opened_at__gte=at)


def _task_status(asking: Asking, value: str) -> Clause:
    code = read_token(value).code
    rows = Q(status__in=[own for own, fhir in STATUS.items() if fhir == code])
    return Clause(rows, lambda made: bool(made["status"] == code))


def _task_patient(asking: Asking, value: str) -> Clause:
    known = patient_id(asking, "patient", value)

    @cache
    def same() -> set[str]:
        rows = same_person(known).filter(clinic=asking.clinic) if known else ()
        return {f"Patient/{one.id}" for one in rows}

    return Clause(
        of_patient("patient")(asking, value).rows,
        lambda made: made["for"]["reference"] in same(),
    )


def _task_date(name: str, member: str, where: Where) -> Where:
    """A date that an order, too, is asked about."""

    def both(asking: Asking, value: str) -> Clause:
        span = read_span(name, value, asking.clinic.zone)
        return Clause(
            where(asking, value).rows,
            lambda made: says(span, datetime.fromisoformat(made[member])),
        )

    return both


class Tasks(Kind[Episode]):
    """Cases: each is one review, from the first flag to its end.

    An order is a Task, too, but work of another kind: it is found by its id alone.
    """

    type = "Task"
    audited = "episode"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": _task_date(
            "_lastUpdated", "lastModified", by_date("_lastUpdated", _task_since)
        ),
        "patient": _task_patient,
        "status": _task_status,
        "authored-on": _task_date(
            "authored-on", "authoredOn", by_date("authored-on", _opened_since)
        ),
    }
    sorts: ClassVar = {
        "_lastUpdated": UPDATED,
        "authored-on": Sort("authoredOn", F("opened_at")),
    }

    def rows(self, asking: Asking) -> QuerySet[Episode]:
        return review_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Episode]) -> list[Json]:
        return [task(one) for one in reviews(asking.clinic, rows, asking.naming)]

    def everything(self, asking: Asking, clauses: Clauses) -> list[Json]:
        found = super().everything(asking, clauses)
        ids = [one for one in map(read_uuid, named(clauses)) if one]
        orders = orders_named(asking.clinic, ids, asking.naming)
        asked = (ordered.task(one) for one in orders)
        return [*found, *(one for one in asked if fits(clauses, one))]


def _flag_since(asking: Asking, at: datetime) -> Q:
    return since.flag_since(asking.clinic, at)


class Flags(Kind[Flag]):
    """What was raised, each with its rule; nothing that happens later removes one."""

    type = "Flag"
    audited = "episode"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _flag_since),
        "patient": of_patient("patient"),
    }
    sorts: ClassVar = {"_lastUpdated": UPDATED}

    def rows(self, asking: Asking) -> QuerySet[Flag]:
        return flag_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Flag]) -> list[Json]:
        return [flag(one) for one in raised(asking.clinic, rows, asking.naming)]


def _notice_since(asking: Asking, at: datetime) -> Q:
    return since.notice_since(asking.clinic, at)


def _notice_status(asking: Asking, value: str) -> Clause:
    sent, failed = Q(sent_at__isnull=False), Q(failed_at__isnull=False)
    stopped = Q(stopped_at__isnull=False)
    stands = {
        "completed": sent,
        "not-done": failed & ~sent,
        "stopped": stopped & ~failed & ~sent,
        "preparation": ~stopped & ~failed & ~sent,
    }
    return Clause(stands.get(read_token(value).code, NOTHING))


class Communications(Kind[Notice]):
    """Notices to staff while a case climbed; to whom is the clinic's own matter."""

    type = "Communication"
    audited = "episode"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _notice_since),
        "patient": of_patient("episode__patient"),
        "status": _notice_status,
    }
    sorts: ClassVar = {"_lastUpdated": UPDATED}

    def rows(self, asking: Asking) -> QuerySet[Notice]:
        return notice_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Notice]) -> list[Json]:
        made = told(asking.clinic, rows, asking.naming)
        return [communication(one) for one in made]


def _consent_since(asking: Asking, at: datetime) -> Q:
    return since.consent_since(asking.clinic, at)


def _agreed_since(asking: Asking, at: datetime) -> Q:
    return Q(consented_at__gte=at)


def _consent_status(asking: Asking, value: str) -> Clause:
    withdrawn = Q(status=Screening.Status.WITHDRAWN)
    counts = Q(retracted_at__isnull=True)
    stands = {
        "active": ~withdrawn & counts,
        "inactive": withdrawn & counts,
        IN_ERROR: ~counts,
    }
    return Clause(stands.get(read_token(value).code, NOTHING))


class Consents(Kind[Screening]):
    """What each patient agreed to before the first question."""

    type = "Consent"
    audited = "screening"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _consent_since),
        "patient": of_patient("patient"),
        "status": _consent_status,
        "date": by_date("date", _agreed_since),
    }
    sorts: ClassVar = {
        "_lastUpdated": UPDATED,
        "date": Sort("dateTime", F("consented_at")),
    }

    def rows(self, asking: Asking) -> QuerySet[Screening]:
        return consent_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Screening]) -> list[Json]:
        made = agreed(asking.clinic, rows, asking.naming)
        return [consent(one) for one in made]
