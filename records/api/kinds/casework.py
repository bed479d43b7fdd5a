"""Tasks, Flags, Communications and Consents: the care that results led to."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinicians.models import Notice, ReviewEvent
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
from records.fhir.parts import IN_ERROR, Json
from records.fhir.review import communication, flag, task
from records.presenters.casework import STATUS, TURNS, raised, reviews, told
from records.presenters.consents import agreed
from records.presenters.moving import moved_since
from screening.models import Episode, Flag, Screening


def _task_since(asking: Asking, at: datetime) -> Q:
    events = ReviewEvent.objects.filter(episode=OuterRef("pk"), at__gte=at)
    return (
        Q(opened_at__gte=at)
        | Q(last_flag_at__gte=at)
        | Q(Exists(events))
        | moved_since(asking.clinic, at, path="patient")
    )


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
        return Episode.objects.filter(clinic=asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Episode]) -> list[Json]:
        return [task(one) for one in reviews(asking.clinic, rows, asking.naming)]


def _flag_since(asking: Asking, at: datetime) -> Q:
    turned = ReviewEvent.objects.filter(
        episode=OuterRef("episode"), at__gte=at, kind__in=TURNS
    )
    retracted = Screening.objects.filter(id=OuterRef("screening"), retracted_at__gte=at)
    changed = Q(raised_at__gte=at) | Q(Exists(turned)) | Q(Exists(retracted))
    return changed | moved_since(asking.clinic, at, path="patient")


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
        rows = Flag.objects.filter(clinic=asking.clinic)
        rows = rows.select_related("episode", "screening")
        whole = ("callback_number", "whereabouts", "emergency_contact")
        return rows.defer("evidence", *(f"screening__{one}" for one in whole))

    def write(self, asking: Asking, rows: Sequence[Flag]) -> list[Json]:
        return [flag(one) for one in raised(asking.clinic, rows, asking.naming)]


def _notice_since(asking: Asking, at: datetime) -> Q:
    made = Q(created_at__gte=at) | Q(sent_at__gte=at)
    made |= Q(stopped_at__gte=at) | Q(failed_at__gte=at)
    return made | moved_since(asking.clinic, at, path="episode__patient")


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
        rows = Notice.objects.filter(episode__clinic=asking.clinic)
        return rows.select_related("episode").defer("recipient")

    def write(self, asking: Asking, rows: Sequence[Notice]) -> list[Json]:
        made = told(asking.clinic, rows, asking.naming)
        return [communication(one) for one in made]


def _consent_since(asking: Asking, at: datetime) -> Q:
    withdrawn = Q(status=Screening.Status.WITHDRAWN, closed_at__gte=at)
    return (
        Q(consented_at__gte=at)
        | withdrawn
        | Q(ai_chosen_at__gte=at)
        | Q(retracted_at__gte=at)
        | moved_since(asking.clinic, at, path="patient")
    )


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
    }

    def rows(self, asking: Asking) -> QuerySet[Screening]:
        rows = Screening.objects.filter(clinic=asking.clinic)
        rows = rows.filter(consented_at__isnull=False)
        return rows.defer("callback_number", "whereabouts", "emergency_contact")

    def write(self, asking: Asking, rows: Sequence[Screening]) -> list[Json]:
        made = agreed(asking.clinic, rows, asking.naming)
        return [consent(one) for one in made]
