"""Who may be registered twice: same birth date, and names that are alike."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinicians.actions.patients import patients_of
from clinicians.definitions import records_policy
from clinicians.models import NotOnePerson
from clinicians.presenters.people import PatientHeader, header
from clinicians.workflow.likeness import Name, alike, read_name
from core.crypto import CannotRead
from core.models import Clinic, Patient

# So many born on one day is a date that stands for "not known": only equal names
# are compared then, for every pair of hundreds would take minutes.
CROWD = 30


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one person, and why."""

    one: PatientHeader
    other: PatientHeader
    why: str


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What one look found; `following` begins the next look, where there is more."""

    pairs: Sequence[Pair]
    following: str


def duplicates(clinic: Clinic, *, after: uuid.UUID | None) -> Duplicates:
    """Look through some of the clinic's patients: three queries, however many."""
    rows = _born_alike(clinic)
    if after is not None:
        place = Patient.objects.filter(clinic=clinic, id=after)
        rows = rows.filter(birth_date_index__gt=place.values("birth_date_index")[:1])
    scan = records_policy().scan
    found = list(rows.prefetch_related("identifiers")[: scan + 1])
    more = len(found) > scan
    days = [list(day) for _, day in groupby(found, lambda row: row.birth_date_index)]
    if more and len(days) > 1:
        # The last day is cut off: it comes whole with the next look.
        days.pop()
    apart = _told_apart(clinic, [row.id for day in days for row in day])
    pairs = [pair for day in days for pair in _pairs(day, apart)]
    return Duplicates(pairs, str(days[-1][-1].id) if more else "")


def _born_alike(clinic: Clinic) -> QuerySet[Patient]:
    others = patients_of(clinic).filter(birth_date_index=OuterRef("birth_date_index"))
    rows = patients_of(clinic).exclude(birth_date_index="")
    rows = rows.filter(Exists(others.exclude(id=OuterRef("id"))))
    return rows.order_by("birth_date_index", "id")


def likely_others(patient: Patient) -> list[Pair]:
    """Who may be the same person as this one."""
    if not patient.birth_date_index:
        return []
    rows = patients_of(patient.clinic).filter(birth_date_index=patient.birth_date_index)
    others = list(rows.exclude(id=patient.id).prefetch_related("identifiers")[:CROWD])
    apart = _told_apart(patient.clinic, [patient.id])
    pairs = (_pair(patient, other, apart) for other in others)
    return [pair for pair in pairs if pair]


def _told_apart(
    clinic: Clinic, ids: Sequence[uuid.UUID]
) -> frozenset[tuple[uuid.UUID, uuid.UUID]]:
    rows = NotOnePerson.objects.filter(clinic=clinic)
    rows = rows.filter(Q(first__in=ids) | Q(second__in=ids))
    return frozenset(rows.values_list("first_id", "second_id"))


def _pairs(
    day: Sequence[Patient], apart: frozenset[tuple[uuid.UUID, uuid.UUID]]
) -> Iterator[Pair]:
    groups: Sequence[Sequence[Patient]] = [day]
    if len(day) > CROWD:
        groups = _by_words(day)
    for group in groups:
        for one, other in combinations(group, 2):
            if pair := _pair(one, other, apart):
                yield pair


def _by_words(day: Sequence[Patient]) -> list[list[Patient]]:
    groups: dict[frozenset[str], list[Patient]] = defaultdict(list)
    for row in day:
        if name := _name(row):
            groups[frozenset((*name.family, *name.given))].append(row)
    return list(groups.values())


def _pair(
    one: Patient, other: Patient, apart: frozenset[tuple[uuid.UUID, uuid.UUID]]
) -> Pair | None:
    first, second = _name(one), _name(other)
    if first is None or second is None or _key(one, other) in apart:
        return None
    why = alike(first, second, least=records_policy().likeness)
    return Pair(header(one), header(other), why) if why else None


def _key(one: Patient, other: Patient) -> tuple[uuid.UUID, uuid.UUID]:
    first, second = sorted((one.id, other.id))
    return first, second


def _name(row: Patient) -> Name | None:
    """None where it cannot be read: nothing can be said about it."""
    try:
        return read_name(row.family_name, row.given_name)
    except CannotRead:
        return None
