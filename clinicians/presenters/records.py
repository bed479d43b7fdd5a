"""What has become of a patient's record, for its page and for the pages of cases."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from clinicians.actions.records import open_links, running_schedules
from clinicians.definitions import records_policy
from clinicians.models import PatientMerge, StateChange
from clinicians.presenters.people import (
    PatientHeader,
    own_header,
    readable,
    state_words,
)
from clinicians.presenters.times import moment
from clinicians.workflow import Status
from clinicians.workflow.records import RecordState
from core.models import Clinic, Patient, User, same_person
from core.permissions import Permission, can
from screening.models import Episode

NOTHING_GOES_OUT = "No invitation, reminder or schedule goes out."


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record that was merged into the one shown, and how to part them again."""

    merge_id: uuid.UUID
    header: PatientHeader
    email: str
    phone: str
    said: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """The state of a record, and what this reader may do about it."""

    title: str
    said: str
    merged: Sequence[MergedRecord]
    sets: bool
    restores: bool
    merges: bool


def record_state(row: Patient, clinic: Clinic, user: User) -> RecordView:
    """Read the state with its reason, and what was merged: two queries."""
    state = RecordState(row.status)
    return RecordView(
        title=state_words(row),
        said="" if state is RecordState.ACTIVE else _said(row, clinic),
        merged=list(_merged(row, clinic)),
        sets=can(user, Permission.SET_INACTIVE) and state is not RecordState.DECEASED,
        restores=can(user, Permission.RESTORE_PATIENTS)
        and state is not RecordState.ACTIVE,
        merges=can(user, Permission.MERGE_PATIENTS),
    )


def _said(row: Patient, clinic: Clinic) -> str:
    """Who set it so, when and why; a record set by other means says so much less."""
    change = StateChange.objects.filter(patient=row).select_related("by").first()
    if change is None or change.after != row.status:
        return NOTHING_GOES_OUT
    reasons = records_policy().reasons(RecordState(row.status))
    reason = reasons.get(change.reason, change.reason)
    note = readable(change, "note")
    words = f"{reason}. {note.rstrip('.')}." if note else f"{reason}."
    when = moment(change.at, clinic.zone)
    return f"{words} Set by {change.by}, {when}. {NOTHING_GOES_OUT}"


def _merged(row: Patient, clinic: Clinic) -> Iterator[MergedRecord]:
    standing = PatientMerge.objects.filter(gone__merged_into=row, undone_at=None)
    rows = standing.select_related("gone", "by").prefetch_related("gone__identifiers")
    for merge in rows.order_by("at", "id"):
        yield MergedRecord(
            merge_id=merge.id,
            header=own_header(merge.gone),
            email=readable(merge.gone, "email"),
            phone=readable(merge.gone, "phone"),
            said=f"Merged by {merge.by}, {moment(merge.at, clinic.zone)}",
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """What a record set inactive or deceased would end, and what it would not."""

    links: int
    schedules: int
    open_cases: int


def ending(row: Patient) -> Ending:
    """Count it: three queries."""
    people = same_person(row.id)
    cases = Episode.objects.filter(patient__in=people.values("id"))
    return Ending(
        links=open_links(people).count(),
        schedules=running_schedules(people).count(),
        open_cases=cases.exclude(status=Status.CLOSED).count(),
    )


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """Something about the record that whoever works on a case has to know."""

    title: str
    text: str
    href: str = ""
    link: str = ""


def case_notices(row: Episode, clinic: Clinic) -> list[CaseNotice]:
    """Whether the record is still in use, and whether the patient has another case."""
    stays, notices = row.patient.stays, []
    closed = row.status == Status.CLOSED
    if state := state_words(stays):
        stands = (
            ""
            if closed
            else " This case stays open until somebody has looked into it "
            "and closed it."
        )
        text = f"{NOTHING_GOES_OUT}{stands}"
        notices.append(CaseNotice(f"The patient's record is marked {state}.", text))
    records = same_person(row.patient_id).values("id")
    others = Episode.objects.filter(patient__in=records).exclude(id=row.id)
    others = others.exclude(status=Status.CLOSED).select_related("owner")
    for other in others.order_by("opened_at", "id"):
        text = (
            f"It was opened {moment(other.opened_at, clinic.zone)} on the other of two "
            "records that were merged. Each needs its own work."
        )
        href = reverse("clinicians:case", args=[other.id])
        title = "This patient has another open case."
        notices.append(CaseNotice(title, text, href, "Open the other case"))
    return notices
