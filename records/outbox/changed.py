"""Finds what a place has that has since come to be of somebody else, or in error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from clinicians.models import PatientMerge
from core.models import Clinic
from records.definitions import delivery_policy
from records.models import Delivery, Destination
from records.models.renumbered import renumbered_since
from records.workflow import State
from screening.models import Score, Screening


@dataclass(frozen=True, slots=True)
class Changes:
    """When each last changed hands, by record; and since when each is in error."""

    patients: Mapping[UUID, datetime]
    screenings: Mapping[UUID, datetime]

    def of(self, score: Score) -> datetime:
        """The last change that this result is part of."""
        found = (
            self.patients.get(score.patient_id),
            self.screenings.get(score.administration.screening_id),
        )
        return max(at for at in found if at is not None)


def owed_again(row: Destination, *, since: datetime) -> list[tuple[Score, datetime]]:
    """What was sent to this place before it changed, each with the moment of that.

    Four queries where nothing changed, six where something did.
    """
    changes = _changes(row.clinic, since)
    if not (changes.patients or changes.screenings):
        return []
    scores = _sent(row, changes)
    made = _deliveries(row, scores)
    found = [(score, changes.of(score)) for score in scores]
    owed = [(score, at) for score, at in found if _stale(made[score.pk], at)]
    return sorted(owed, key=lambda pair: (pair[1], pair[0].pk))


def _changes(clinic: Clinic, since: datetime) -> Changes:
    moments: list[tuple[UUID, datetime]] = []
    merges = PatientMerge.objects.filter(
        Q(at__gte=since) | Q(undone_at__gte=since), clinic=clinic
    )
    for gone, at, undone in merges.values_list("gone_id", "at", "undone_at"):
        moments.append((gone, undone or at))
    moments += renumbered_since(clinic, since)
    retracted = Screening.objects.filter(clinic=clinic, retracted_at__gte=since)
    return Changes(
        _with_those_along(clinic, moments),
        {one: at for one, at in retracted.values_list("id", "retracted_at") if at},
    )


def _with_those_along(
    clinic: Clinic, moments: Iterable[tuple[UUID, datetime]]
) -> dict[UUID, datetime]:
    """The last moment of each, and of whatever was merged into it before."""
    last: dict[UUID, datetime] = {}
    for patient, at in moments:
        last[patient] = max(at, last.get(patient, at))
    merged = PatientMerge.objects.filter(clinic=clinic, kept__in=list(last))
    for gone, kept in merged.values_list("gone_id", "kept_id"):
        last[gone] = max(last[kept], last.get(gone, last[kept]))
    return last


def _sent(row: Destination, changes: Changes) -> list[Score]:
    sent = Delivery.objects.filter(
        destination=row, administration=OuterRef("pk"), sent_at__isnull=False
    )
    concerned = Q(patient__in=list(changes.patients))
    concerned |= Q(administration__screening__in=list(changes.screenings))
    scores = Score.objects.filter(concerned, Exists(sent), clinic_id=row.clinic_id)
    return list(scores.select_related("administration", "patient"))


Made = Sequence[tuple[str, datetime, datetime | None]]


def _deliveries(row: Destination, scores: Sequence[Score]) -> Mapping[Any, Made]:
    rows = Delivery.objects.filter(
        destination=row, administration__in=[score.pk for score in scores]
    )
    found: dict[Any, list[tuple[str, datetime, datetime | None]]] = {}
    columns = ("administration_id", "state", "caused_at", "sent_at")
    for administration, *said in rows.values_list(*columns):
        found.setdefault(administration, []).append(tuple(said))
    return found


def _stale(made: Made, at: datetime) -> bool:
    """Whether nothing that went out, or is about to, was read after the change.

    A little after: what was stamped before may have been committed since.
    """
    settled = at + timedelta(seconds=delivery_policy().export_behind)
    return not any(
        state == State.DUE or caused >= at or (sent is not None and sent >= settled)
        for state, caused, sent in made
    )
