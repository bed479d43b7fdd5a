"""Who has looked at a record: the audit log's lines about it, in words."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from clinicians.presenters.timeline import Event
from clinicians.presenters.times import moment, zoned
from core.models import AuditEvent, Clinic, Patient, Role, User, same_person
from screening.models import Administration, Episode, Screening

LOOKS = 20
NOBODY = "Somebody who is no longer known"
WHAT = {
    "PATIENT_VIEWED": "Opened the patient's page",
    "FORM_VIEWED": "Opened a form for the patient",
    "CASE_VIEWED": "Opened a case",
    "PATIENT_COMPARED_VIEWED": "Compared it with another record, to merge them",
    "RESULTS_VIEWED": "Read the answers of a screening",
    "WORDING_REPORTS_VIEWED": "Read, without a name, what the patient wrote of a wording",
    "COURSE_VIEWED": "Opened the course",
    "COURSE_DOWNLOADED": "Downloaded a table of the course",
    "LINK_VIEWED": "Had the link of an invitation shown",
    "CASE_TEXT_VIEWED": "Opened the text for the record",
    "CASE_PDF_DOWNLOADED": "Downloaded the case as a PDF",
    "EMERGENCY_ACCESS_OPENED": "Emergency access opened",
    "EMERGENCY_ACCESS_ENDED": "Emergency access ended",
    "EMERGENCY_ACCESS_REVIEWED": "Emergency access signed off",
    "EMERGENCY_FORM_VIEWED": "Was asked why the record is needed",
    "EMERGENCY_REVIEW_VIEWED": "Looked into an emergency access",
    "ACCESS_LOG_VIEWED": "Opened this list",
    "AUDIT_VIEWED": "Read the audit log of this record",
    "AUDIT_DOWNLOADED": "Took the audit log of this record along",
    "RECORD_READ": "Read the record from another system",
}
# Also what other pages will write: a look that is not listed here still shows.
LOOKING = (
    Q(kind__endswith="_VIEWED")
    | Q(kind__endswith="_DOWNLOADED")
    | Q(kind__startswith="EMERGENCY_")
    | Q(kind="RECORD_READ")
)


@dataclass(frozen=True, slots=True)
class Look:
    """One line: who, in which role, when, what."""

    who: str
    role: str
    at: str
    iso: str
    what: str


def looks_at(patient: Patient, clinic: Clinic) -> QuerySet[AuditEvent]:
    """Every look at a patient's record and at what was merged into it, newest first."""
    rows = AuditEvent.objects.filter(about_patient(patient, clinic) & LOOKING)
    return rows.order_by("-at", "-seq")


def about_patient(patient: Patient, clinic: Clinic) -> Q:
    """Every line about a patient's record and about what was merged into it."""
    people = same_person(patient.id)
    ids = list(people.filter(clinic=clinic).values_list("id", flat=True))
    screenings = Screening.objects.filter(patient_id__in=ids)
    parts = Administration.objects.filter(screening__patient_id__in=ids)
    cases = Episode.objects.filter(patient_id__in=ids)
    return (
        _about("patient", ids)
        | _about("screening", screenings.values_list("id", flat=True))
        | _about("episode", cases.values_list("id", flat=True))
        | _about("Administration", parts.values_list("id", flat=True))
    )


def _about(object_type: str, ids: Iterable[uuid.UUID]) -> Q:
    return Q(object_type=object_type, object_id__in=[str(one) for one in ids])


def looks(events: Iterable[AuditEvent], zone: ZoneInfo) -> list[Look]:
    """Present a page of lines; one query for the names."""
    rows = list(events)
    people = people_of(rows)
    return [
        Look(
            who=who(row, people),
            role=_role(row, people),
            at=zoned(row.at, zone),
            iso=row.at.isoformat(),
            what=_what(row),
        )
        for row in rows
    ]


def _plain(row: AuditEvent) -> bool:
    return row.kind == "CASE_VIEWED" and "emergency" not in row.detail


def people_of(rows: Sequence[AuditEvent]) -> dict[str, User]:
    """The staff behind these lines, by id."""
    ids = {row.actor_id for row in rows if row.actor_kind == "STAFF"}
    return {str(user.id): user for user in User.objects.filter(id__in=ids)}


def who(row: AuditEvent, people: Mapping[str, User]) -> str:
    """Whoever did it, by name where it is somebody here."""
    if row.actor_kind == AuditEvent.ActorKind.CLIENT:
        return "A connected system"
    if row.actor_kind != AuditEvent.ActorKind.STAFF:
        return AuditEvent.ActorKind(row.actor_kind).label
    return str(people.get(row.actor_id, NOBODY))


def _what(row: AuditEvent) -> str:
    """What was opened; marked where only an emergency opened it."""
    words = WHAT.get(row.kind, row.kind.replace("_", " ").capitalize())
    under = "emergency" in row.detail and not row.kind.startswith("EMERGENCY_")
    return f"{words}, in an emergency" if under else words


def _role(row: AuditEvent, people: Mapping[str, User]) -> str:
    """The role of that day; of today, and said so, where the line is older than that."""
    then = str(row.detail.get("role", ""))
    if then in list(Role):
        return Role(then).label
    user = people.get(row.actor_id)
    return f"{Role(user.role).label} (today)" if user else ""


def recent_looks(episode_id: uuid.UUID, zone: ZoneInfo) -> list[Event]:
    """Who has opened this case lately, for the side of its page."""
    rows = AuditEvent.objects.filter(
        LOOKING, object_type="episode", object_id=str(episode_id)
    ).order_by("-at")[:LOOKS]
    found = list(rows)
    people = people_of(found)
    return [
        Event(
            at=moment(row.at, zone),
            iso=row.at.isoformat(),
            title=who(row, people),
            text="" if _plain(row) else _what(row),
            by="",
        )
        for row in found
    ]
