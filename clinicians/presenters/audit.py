"""The audit log for whoever examines it: who did what to which record, never what was said."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from clinicians.definitions import security_policy
from clinicians.presenters.access import WHAT, people_of, who
from clinicians.presenters.people import own_header
from clinicians.presenters.times import moment
from core.models import AuditChain, AuditEvent, AuditHead, Clinic, Patient, Role, User
from screening.models import Administration, Episode, Screening

# Codes and numbers. Anything else of a line stays out: an answer is in one.
SHOWN = (
    "factor",
    "from",
    "to",
    "code",
    "table",
    "lines",
    "faults",
    "filters",
    "fields",
)
ACCOUNT = {
    "staff_added": "Added to the team",
    "staff_factor_added": "Second factor added",
    "staff_factor_removed": "Second factor removed",
    "staff_left": "Access ended",
    "staff_password_changed": "Password changed",
    "staff_returned": "Access given back",
    "staff_role_changed": "Role changed",
    "staff_second_factor_failed": "Second factor not shown",
    "staff_second_factor_removed": "Second factor removed by an administrator",
    "staff_session_ended": "One session ended",
    "staff_sessions_ended": "Sessions ended",
    "staff_sign_in_failed": "Sign-in failed",
    "staff_signed_in": "Signed in",
    "staff_signed_out": "Signed out",
    "AUDIT_VIEWED": "Read the audit log",
    "AUDIT_DOWNLOADED": "Took the audit log along",
    "AUDIT_PROVED": "Proved the audit log",
    "SCREENING_RETRACTED": "Marked a screening as entered in error",
    "CASE_RETRACTED": "A screening of the case was marked as entered in error",
    "RECORD_TEXT_CHANGED_REFUSED": "Kept back: a stored text is not the official one",
    "RECORD_TABLE_DOWNLOADED": "Took a table for quality reporting along",
}
THINGS = {
    "patient": "Patient",
    "screening": "Screening",
    "Administration": "Questionnaire",
    "episode": "Case",
    "user": "Account",
    "clinic": "Clinic",
    "ApiClient": "Connection",
    "Destination": "Connection",
    "Subscription": "Subscription",
    "DraftQuestionnaire": "Draft of a questionnaire",
}
COLUMNS = (
    *("When (UTC)", "Who", "Who (id)", "Role", "Action", "Action (code)", "About"),
    *("About (id)", "Record", "More", "Chain", "Line", "Hash"),
)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line, in words."""

    at: str
    iso: str
    who: str
    role: str
    what: str
    kind: str
    thing: str
    record: str
    patient_id: str
    more: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the clinic's chain goes, and what was last closed over it."""

    lines: int
    day: str
    head: str
    too_long: bool


def chain_state(clinic: Clinic) -> Chain:
    """Read the end of the chain and the newest daily head: two queries."""
    chain = AuditChain.objects.filter(name=f"clinic:{clinic.id}").first()
    last = AuditHead.objects.order_by("-day").first()
    lines = chain.seq if chain else 0
    return Chain(
        lines=lines,
        too_long=lines > security_policy().audit_prove,
        day=last.day.isoformat() if last else "",
        head=last.hash if last else "",
    )


def words_of(kind: str) -> str:
    """`CASE_CLOSED` as somebody says it."""
    known = {**WHAT, **ACCOUNT}
    return known.get(kind) or kind.replace("_", " ").lower().capitalize()


def audit_lines(events: Sequence[AuditEvent], zone: ZoneInfo) -> list[AuditLine]:
    """Present a page of lines; as many queries for fifty as for one."""
    people, owners = people_of(events), _patients_of(events)
    accounts = _accounts_of(events)
    numbers = {one.id: own_header(one).record_number for one in set(owners.values())}
    lines = []
    for row in events:
        patient = owners.get(row.object_id)
        lines.append(
            AuditLine(
                at=moment(row.at, zone),
                iso=row.at.isoformat(),
                who=who(row, people),
                role=_role(row),
                what=_marked(row),
                kind=row.kind,
                thing=_thing(row, accounts),
                record=numbers[patient.id] if patient else "",
                patient_id=str(patient.id) if patient else "",
                more=_more(row),
            )
        )
    return lines


def _marked(row: AuditEvent) -> str:
    under = "emergency" in row.detail and not row.kind.startswith("EMERGENCY_")
    return f"{words_of(row.kind)}, in an emergency" if under else words_of(row.kind)


def _role(row: AuditEvent) -> str:
    """The role of that day, where the line keeps it."""
    then = str(row.detail.get("role", ""))
    return Role(then).label if then in list(Role) else ""


def _thing(row: AuditEvent, accounts: Mapping[str, str]) -> str:
    words = THINGS.get(row.object_type, row.object_type.replace("_", " ").capitalize())
    name = accounts.get(row.object_id) if row.object_type == "user" else None
    return f"{words} of {name}" if name else words


def _more(row: AuditEvent) -> str:
    """What of the detail may be shown; names of settings without their values."""
    if not row.chain.startswith("clinic:"):
        return ""  # a screening's own chain: what the patient said may be in it
    told = [
        f"{key}: {value}"
        for key, value in row.detail.items()
        if key in SHOWN and isinstance(value, str | int) and value != ""
    ]
    changed = [key for key, value in row.detail.items() if isinstance(value, dict)]
    return ", ".join([*told, *(key.replace("_", " ") for key in changed)])


def table(events: Sequence[AuditEvent]) -> Iterable[Sequence[str]]:
    """The lines as a table to keep, with what proves each."""
    yield COLUMNS
    lines = audit_lines(events, ZoneInfo("UTC"))
    for row, line in zip(events, lines, strict=True):
        yield (
            row.at.astimezone(UTC).isoformat(timespec="seconds"),
            *(line.who, row.actor_id, line.role, line.what, row.kind, line.thing),
            *(row.object_id, line.record, line.more),
            *(row.chain, str(row.seq), row.hash),
        )


def _accounts_of(events: Iterable[AuditEvent]) -> dict[str, str]:
    ids = _ids(events, "user")
    return {str(user.id): str(user) for user in User.objects.filter(id__in=ids)}


def _patients_of(events: Sequence[AuditEvent]) -> dict[str, Patient]:
    """Whose record each line is about, by the id of what it names."""
    pairs = [
        *((one, one) for one in _ids(events, "patient")),
        *Episode.objects.filter(id__in=_ids(events, "episode")).values_list(
            "id", "patient_id"
        ),
        *Screening.objects.filter(id__in=_ids(events, "screening")).values_list(
            "id", "patient_id"
        ),
        *Administration.objects.filter(
            id__in=_ids(events, "Administration")
        ).values_list("id", "screening__patient_id"),
    ]
    found = Patient.objects.filter(id__in={patient for _, patient in pairs})
    by_id = {row.id: row for row in found.prefetch_related("identifiers")}
    return {str(one): by_id[patient] for one, patient in pairs if patient in by_id}


def _ids(events: Iterable[AuditEvent], object_type: str) -> Collection[uuid.UUID]:
    found = set()
    for row in events:
        if row.object_type == object_type:
            with suppress(ValueError):  # no row could have such a key
                found.add(uuid.UUID(row.object_id))
    return found
