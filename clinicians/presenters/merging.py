"""Two records side by side, before somebody makes one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from clinicians.actions.patients import RECORD_NUMBER
from clinicians.actions.records import running_schedules
from clinicians.models import NotOnePerson
from clinicians.presenters.people import PatientHeader, own_header, readable
from clinicians.presenters.states import status_of
from clinicians.presenters.times import moment
from clinicians.workflow import Status
from core.models import Clinic, Patient, same_person
from screening.models import Episode, Screening

NONE = "None"
LISTED = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records; `typed` is what confirms that it is the one to keep."""

    header: PatientHeader
    cells: Sequence[str]
    open_cases: Sequence[Episode]
    typed: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the comparison."""

    label: str
    one: str
    other: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both, and what they say; `apart`: who told them apart before, if anybody."""

    one: Side
    other: Side
    facts: Sequence[Fact]
    apart: str


LABELS = (
    "Name",
    "Birth date",
    "Identifiers",
    "State",
    "Language",
    "E-mail",
    "Phone",
    "Reminders",
    "Registered",
    "Merged before",
    "Schedules running",
    "Screenings",
    "Open cases",
)
# What is bound to differ is no hint that these are two people.
OWN = {"Identifiers", "Registered", "Merged before", "Schedules running"}
OWN |= {"Screenings", "Open cases", "State", "Reminders"}


def comparison(one: Patient, other: Patient, clinic: Clinic) -> Comparison:
    """Read both records with all that hangs on them."""
    sides = [_side(record, clinic) for record in (one, other)]
    facts = [
        Fact(label, mine, yours, differs=label not in OWN and mine != yours)
        for label, mine, yours in zip(
            LABELS, sides[0].cells, sides[1].cells, strict=True
        )
        if not mine == yours == NONE
    ]
    return Comparison(sides[0], sides[1], facts, _apart(one, other, clinic))


def _apart(one: Patient, other: Patient, clinic: Clinic) -> str:
    rows = NotOnePerson.objects.filter(
        Q(first=one, second=other) | Q(first=other, second=one)
    )
    row = rows.select_related("by").first()
    return f"{row.by}, {moment(row.at, clinic.zone)}." if row else ""


def _side(row: Patient, clinic: Clinic) -> Side:
    own, people = own_header(row), same_person(row.id)
    records = people.values("id")
    cases = Episode.objects.filter(patient__in=records).exclude(status=Status.CLOSED)
    open_cases = list(cases.order_by("opened_at", "id"))
    merged = people.exclude(id=row.id).prefetch_related("identifiers")
    cells = (
        own.name,
        own.birth_date,
        _numbers(row),
        own.state or own.status,
        own.language,
        readable(row, "email") or "Not given",
        readable(row, "phone") or "Not given",
        "Wanted" if row.wants_reminders else "Not wanted",
        moment(row.created_at, clinic.zone),
        "; ".join(own_header(gone).name for gone in merged) or NONE,
        str(running_schedules(people).count() or NONE),
        _screenings(row, clinic),
        str(len(open_cases) or NONE),
    )
    return Side(own, cells, open_cases, typed=_typed(row, own))


def _typed(row: Patient, own: PatientHeader) -> str:
    """The number of the record that stays; a word where it has none."""
    return own.record_number if row.identifiers.all() else "merge"


def _numbers(row: Patient) -> str:
    rows = sorted(row.identifiers.all(), key=lambda i: i.system != RECORD_NUMBER)
    words = [
        readable(one, "value")
        if one.system == RECORD_NUMBER
        else f"{readable(one, 'value')} ({one.system})"
        for one in rows
    ]
    return "; ".join(words) or NONE


def _screenings(row: Patient, clinic: Clinic) -> str:
    records = same_person(row.id).values("id")
    found = list(
        Screening.objects.filter(patient__in=records).order_by("-created_at", "id")[
            : LISTED + 1
        ]
    )
    lines = [
        f"{' and '.join(name.upper() for name in one.battery)}, "
        f"{moment(one.created_at, clinic.zone)}: {status_of(one)}"
        for one in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append("and earlier ones")
    return "; ".join(lines) or NONE
