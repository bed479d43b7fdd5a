"""Reads administrations with all that FHIR needs of them, many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from core.models import Clinic
from records.models.asked import answered, was_asked
from records.presenters.moving import People, people
from records.presenters.naming import Naming
from records.presenters.results import Result, now, then
from records.presenters.text_lock import check_texts
from screening.models import Administration, Answer, PastScore, Screening


@dataclass(frozen=True, slots=True)
class Given:
    """One stored answer; `amended_at` where it was put right after the submit."""

    link_id: str
    value: int | None
    origin: str
    at: datetime
    amended_at: datetime | None
    # The definition that the patient read, where the form has another one.
    asked_as: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One administration with its answers, every result it ever had, and whose it is."""

    row: Administration
    answers: tuple[Given, ...]
    results: tuple[Result, ...]
    people: People

    @property
    def finished(self) -> bool:
        return bool(self.results)

    @property
    def submitted(self) -> datetime:
        """When it came to stand in the record; unfinished: since when it stands so."""
        if self.results:
            return self.row.completed_at or self.results[0].since
        last = max(one.at for one in self.answers)
        return self.row.screening.closed_at or last

    @property
    def retracted_at(self) -> datetime | None:
        """Since when it counts as entered in error, if it does."""
        return self.row.screening.retracted_at

    def moments(self) -> list[datetime]:
        """Every moment at which something of it came to be otherwise, the first first."""
        patient = self.row.screening.patient_id
        changes = {result.since for result in self.results[1:]}
        changes |= set(self.people.moved(patient, self.submitted))
        if self.retracted_at:
            changes.add(self.retracted_at)
        return [self.submitted, *sorted(changes - {self.submitted})]


def finished_rows(clinic: Clinic) -> QuerySet[Administration]:
    """Every submitted administration of this clinic of which anything was asked."""
    return _rows(clinic).filter(_finished(), was_asked())


def served_rows(clinic: Clinic) -> QuerySet[Administration]:
    """Those and the ones that were begun: somebody has answered something."""
    begun = Q(score__isnull=True) & answered()
    return _rows(clinic).filter((_finished() & was_asked()) | begun)


def _rows(clinic: Clinic) -> QuerySet[Administration]:
    rows = Administration.objects.filter(screening__clinic=clinic)
    rows = rows.select_related("screening__retraction", "definition", "score")
    return rows.defer(
        "definition__content",
        "screening__callback_number",
        "screening__whereabouts",
        "screening__emergency_contact",
        "screening__retraction__note",
    )


def _finished() -> Q:
    return Q(
        screening__status=Screening.Status.COMPLETED,
        completed_at__isnull=False,
        score__isnull=False,
    )


def read_sheets(
    clinic: Clinic, rows: Iterable[Administration], naming: Naming
) -> list[Sheet]:
    """As many queries for a page of them as for one. Raises TextChanged."""
    found = list(rows)
    ids = [row.id for row in found]
    answers, past = _answers(ids), _past(found)
    read = {one.asked_as for given in answers.values() for one in given if one.asked_as}
    check_texts({row.definition_id for row in found} | read)
    who = people(clinic, {row.screening.patient_id for row in found}, naming)
    return [
        Sheet(row, answers[row.id], _results(row, past.get(row.id, ())), who)
        for row in found
    ]


def _answers(ids: Sequence[UUID]) -> Mapping[UUID, tuple[Given, ...]]:
    columns = (
        *("administration_id", "link_id", "value", "origin", "at"),
        *("amendment__at", "asked_as_id"),
    )
    rows = Answer.objects.filter(administration__in=ids).order_by("seq")
    found: dict[UUID, list[Given]] = defaultdict(list)
    for administration, *said in rows.values_list(*columns):
        found[administration].append(Given(*said))
    return defaultdict(tuple, {one: tuple(given) for one, given in found.items()})


def _past(rows: Sequence[Administration]) -> Mapping[UUID, Sequence[PastScore]]:
    amended = [row.id for row in rows if _has_score(row) and row.score.version > 1]
    found: dict[UUID, list[PastScore]] = defaultdict(list)
    if amended:
        scores = PastScore.objects.filter(administration__in=amended)
        for one in scores.order_by("version"):
            found[one.administration_id].append(one)
    return found


def _has_score(row: Administration) -> bool:
    return hasattr(row, "score")


def _results(row: Administration, past: Sequence[PastScore]) -> tuple[Result, ...]:
    """Every result it ever had, the first first."""
    if not _has_score(row):
        return ()
    starts = [row.completed_at or row.score.at, *(one.at for one in past)]
    earlier = [then(one, since) for one, since in zip(past, starts, strict=False)]
    return (*earlier, now(row.score, starts[-1]))
