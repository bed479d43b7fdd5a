"""Which rows are said otherwise since a moment: for searches, and for what is exported.

Each is asked as one set of ids where it can be: the database looks each part up in an
index of its own, where it would read every row for conditions on several tables joined
by "or".
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinicians.models import ReviewEvent
from core.models import Clinic
from records.presenters.casework import TURNS
from records.presenters.moving import moved_since
from screening.models import Administration, Answer, Score, Screening

UNFINISHED = Q(score__isnull=True)


def review_since(clinic: Clinic, at: datetime) -> Q:
    """Cases."""
    events = ReviewEvent.objects.filter(episode=OuterRef("pk"), at__gte=at)
    return (
        Q(opened_at__gte=at)
        | Q(last_flag_at__gte=at)
        | Q(Exists(events))
        | moved_since(clinic, at, path="patient")
    )


def flag_since(clinic: Clinic, at: datetime) -> Q:
    """What was raised, and what opened or closed the case that it is in."""
    turned = ReviewEvent.objects.filter(
        episode=OuterRef("episode"), at__gte=at, kind__in=TURNS
    )
    retracted = Screening.objects.filter(id=OuterRef("screening"), retracted_at__gte=at)
    changed = Q(raised_at__gte=at) | Q(Exists(turned)) | Q(Exists(retracted))
    return changed | moved_since(clinic, at, path="patient")


def notice_since(clinic: Clinic, at: datetime) -> Q:
    """Notices to staff."""
    made = Q(created_at__gte=at) | Q(sent_at__gte=at)
    made |= Q(stopped_at__gte=at) | Q(failed_at__gte=at)
    return made | moved_since(clinic, at, path="episode__patient")


def consent_since(clinic: Clinic, at: datetime) -> Q:
    """Screenings, by what the patient agreed to."""
    withdrawn = Q(status=Screening.Status.WITHDRAWN, closed_at__gte=at)
    return (
        Q(consented_at__gte=at)
        | withdrawn
        | Q(ai_chosen_at__gte=at)
        | Q(retracted_at__gte=at)
        | moved_since(clinic, at, path="patient")
    )


def changed_since(clinic: Clinic, at: datetime) -> Q:
    """Administrations: anything of what was submitted."""
    return Q(id__in=_changed(clinic, at))


def written_since(clinic: Clinic, at: datetime) -> Q:
    """The same, for what is not submitted, too: answered, or stopped, since then."""
    rows = Administration.objects.filter(screening__clinic=clinic)
    begun = rows.filter(UNFINISHED).filter(stands_since(at)).values("id")
    return Q(id__in=_changed(clinic, at, begun))


def stands_since(at: datetime) -> Q:
    """Submitted since then; unfinished: stopped, or last answered, since then."""
    answers = Answer.objects.filter(administration=OuterRef("pk"), at__gte=at)
    closed = Q(screening__closed_at__isnull=True) & Q(Exists(answers))
    return (~UNFINISHED & Q(completed_at__gte=at)) | (
        UNFINISHED & (Q(screening__closed_at__gte=at) | closed)
    )


def _changed(
    clinic: Clinic, at: datetime, *more: QuerySet[Any, Any]
) -> QuerySet[Any, Any]:
    rows = Administration.objects.filter(screening__clinic=clinic)
    submitted = rows.filter(completed_at__gte=at).values("id")
    amended = Score.objects.filter(clinic=clinic, amended_at__gte=at)
    moved = rows.filter(moved_since(clinic, at, path="screening__patient")).values("id")
    retracted = rows.filter(screening__retracted_at__gte=at).values("id")
    others = (amended.values("administration_id"), moved, retracted, *more)
    # Unordered: SQLite allows no order in the parts of a union.
    return submitted.order_by().union(*(one.order_by() for one in others))
