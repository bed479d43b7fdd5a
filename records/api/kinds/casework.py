"""Tasks, Flags, Communications and Consents: the care that results led to."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import Q, QuerySet

from clinicians.models import Notice
from records.api.kinds.base import (
    NOTHING,
    Asking,
    Clause,
    Kind,
    by_date,
    by_id,
    of_patient,
)
from records.api.params import read_token
from records.fhir.consent import consent
from records.fhir.parts import Json
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
from screening.models import Episode, Flag, Screening


def _task_since(asking: Asking, at: datetime) -> Q:
    return since.review_since(asking.clinic, at)


def _task_status(asking: Asking, value: str) -> Clause:
    code = read_token(value).code
    return Clause(Q(status__in=[own for own, fhir in STATUS.items() if fhir == code]))


class Tasks(Kind[Episode]):
    """Cases: each is one review, from the first flag to its end."""

    type = "Task"
    audited = "episode"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", _task_since),
        "patient": of_patient("patient"),
        "status": _task_status,
    }

    def rows(self, asking: Asking) -> QuerySet[Episode]:
        return review_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Episode]) -> list[Json]:
        return [task(one) for one in reviews(asking.clinic, rows, asking.naming)]


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

    def rows(self, asking: Asking) -> QuerySet[Notice]:
        return notice_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Notice]) -> list[Json]:
        made = told(asking.clinic, rows, asking.naming)
        return [communication(one) for one in made]


def _consent_since(asking: Asking, at: datetime) -> Q:
    return since.consent_since(asking.clinic, at)


def _consent_status(asking: Asking, value: str) -> Clause:
    withdrawn = Q(status=Screening.Status.WITHDRAWN)
    stands = {"active": ~withdrawn, "inactive": withdrawn}
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
    }

    def rows(self, asking: Asking) -> QuerySet[Screening]:
        return consent_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Screening]) -> list[Json]:
        made = agreed(asking.clinic, rows, asking.naming)
        return [consent(one) for one in made]
