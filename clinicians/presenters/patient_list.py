"""The list of patients: found by name, number or birth date, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from clinicians.actions.patients import patients_of
from clinicians.definitions import records_policy
from clinicians.presenters.paging import (
    NEWEST_FIRST,
    PlaceLost,
    after,
    ordered,
    place_after,
)
from clinicians.presenters.people import PatientHeader, header, own_header
from clinicians.presenters.times import moment
from core.models import (
    Clinic,
    Patient,
    PatientIdentifier,
    PatientName,
    birth_date_index,
    identifier_index,
    name_index,
)
from core.names import SHORTEST_BEGINNING, words

STATES: Mapping[str, str] = {
    "": "All",
    "active": "Active",
    "inactive": "Inactive",
    "deceased": "Deceased",
}
# More would find no more: each has to fit.
MOST_WORDS = 6
LOST = "That page is not known. This is the first one."


@dataclass(frozen=True, slots=True)
class Tab:
    """A state to narrow the list down to."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A line of the list; `also`: how records merged into it knew the person."""

    header: PatientHeader
    also: Sequence[str]
    registered: str


@dataclass(frozen=True, slots=True)
class PatientList:
    """One page of it."""

    rows: Sequence[PatientRow]
    tabs: Sequence[Tab]
    state: str
    following: str
    first: str
    problem: str
    # Names that were stored by code that knew no index, and cannot be found yet.
    not_indexed: int


def patient_list(
    clinic: Clinic, *, text: str, sealed: str, state: str, place: str
) -> PatientList:
    """Read one page; the number of queries does not depend on the rows.

    `sealed` stands for `text` in the addresses of this list.
    """
    state = state if state in STATES else ""
    rows = patients_of(clinic)
    if state:
        rows = rows.filter(status=state.upper())
    if text:
        rows = rows.filter(matching(clinic, text))
    rows, problem = ordered(rows, NEWEST_FIRST), ""
    if place:
        try:
            rows = after(rows, NEWEST_FIRST, place)
        except PlaceLost:
            place, problem = "", LOST
    size = records_policy().page
    found = list(_with_all(rows)[: size + 1])
    last = place_after(found[size - 1], NEWEST_FIRST) if len(found) > size else ""
    waiting = Patient.objects.filter(clinic=clinic, names_indexed=0) if text else None
    return PatientList(
        rows=[_row(patient, clinic) for patient in found[:size]],
        tabs=[
            Tab(label, _address(find=sealed, state=name), current=name == state)
            for name, label in STATES.items()
        ],
        state=STATES[state] if state else "",
        following=_address(find=sealed, state=state, after=last) if last else "",
        first=_address(find=sealed, state=state) if place else "",
        problem=problem,
        not_indexed=waiting.count() if waiting is not None else 0,
    )


def _address(**given: str) -> str:
    return f"?{urlencode({name: value for name, value in given.items() if value})}"


def _with_all(rows: QuerySet[Patient]) -> QuerySet[Patient]:
    return rows.prefetch_related("identifiers", "merged__identifiers")


def _row(patient: Patient, clinic: Clinic) -> PatientRow:
    merged = sorted(patient.merged.all(), key=lambda one: one.created_at)
    return PatientRow(
        header=header(patient),
        also=[_as_recorded(one) for one in merged],
        registered=moment(patient.created_at, clinic.zone),
    )


def _as_recorded(merged: Patient) -> str:
    own = own_header(merged)
    return f"{own.name}, record {own.record_number}"


def matching(clinic: Clinic, text: str) -> Q:
    """What a patient must fit: the number, the birth date, or every word of a name.

    A record that was merged leads to the one that stays.
    """
    stays = Coalesce("patient__merged_into_id", "patient_id")
    numbers = PatientIdentifier.objects.filter(
        clinic=clinic, value_index=identifier_index(text)
    )
    fits = Q(id__in=numbers.values(stays=stays))
    if born := as_date(text):
        days = Patient.objects.filter(
            clinic=clinic, birth_date_index=birth_date_index(born)
        )
        fits |= Q(id__in=days.values(stays=Coalesce("merged_into_id", "id")))
    if asked := _asked(text):
        named = Q()
        for word in asked:
            parts = PatientName.objects.filter(
                clinic=clinic, value_index=name_index(clinic.id, word)
            )
            named &= Q(id__in=parts.values(stays=stays))
        fits |= named
    return fits


def _asked(text: str) -> tuple[str, ...]:
    """The words that narrow a search: one that is only begun does not, beside others.

    `garcia an` finds what `garcia` finds; `Ng` alone is a whole name.
    """
    typed = words(text)[:MOST_WORDS]
    return tuple(w for w in typed if len(w) >= SHORTEST_BEGINNING) or typed


def as_date(text: str) -> str:
    """The text as a birth date in its one way to be written; empty if it is none."""
    try:
        known = date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return ""
    return known if known == text.strip() else ""
