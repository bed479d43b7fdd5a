"""Merging two records of one patient, and parting them again.

No row of either record moves but its schedules: a case stays with its patient (the
database refuses anything else), and so does all else. Readers follow `merged_into`.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from clinicians.actions.records import (
    check_record,
    end_schedules,
    hold_schedules,
    locked,
    running_schedules,
)
from clinicians.models import NotOnePerson, PatientMerge, Schedule
from clinicians.workflow.records import (
    MergeRefused,
    RecordState,
    check_merge,
    roots,
)
from core import audit
from core.models import Clinic, EmergencyAccess, Patient, User, same_person
from core.permissions import Permission


def merge(*, kept: Patient, gone: Patient, by: User, at: datetime) -> PatientMerge:
    """Make one record of two: `gone` is read through `kept` from now on.

    Raises MergeRefused where they cannot be, or somebody was faster.
    """
    for record in (kept, gone):
        check_record(record, by, Permission.MERGE_PATIENTS)
    if kept.id == gone.id:
        raise MergeRefused("A record cannot be merged into itself.")
    try:
        return _merge(kept, gone, by=by, at=at)
    except IntegrityError as error:
        raise MergeRefused(
            "One of these records was merged meanwhile. Look at them again."
        ) from error


@transaction.atomic
def _merge(kept: Patient, gone: Patient, *, by: User, at: datetime) -> PatientMerge:
    _one_at_a_time(kept.clinic_id)
    _check_opened_none(by, at=at)
    hold_schedules([kept, gone])
    rows = locked([kept.id, gone.id])
    stays, goes = rows[kept.id], rows[gone.id]
    check_merge(RecordState(stays.status), RecordState(goes.status))
    moved, ended = _take_schedules(stays, goes, by=by, at=at)
    row = PatientMerge.objects.create(
        clinic_id=stays.clinic_id,
        kept=stays,
        gone=goes,
        before=goes.status,
        moved=moved,
        by=by,
        at=at,
    )
    # Those that were merged into it before come along: one step leads to what stays.
    Patient.objects.filter(merged_into=goes).update(merged_into=stays)
    goes.status, goes.merged_into = Patient.Status.MERGED, stays
    goes.save(update_fields=["status", "merged_into"])
    _keep_wish(stays, goes)
    detail = {"merge": str(row.id), "schedules": moved, "schedules_ended": ended}
    _note(row, "PATIENTS_MERGED", detail, by=by, at=at)
    return row


def _one_at_a_time(clinic_id: UUID) -> None:
    """Merges of a clinic follow one another until the transaction ends.

    They also write the records that were merged before, whom nobody names: two that
    locked only their own could wait for one another for ever.
    """
    Clinic.objects.select_for_update(no_key=True).get(id=clinic_id)


def _check_opened_none(by: User, *, at: datetime) -> None:
    """An emergency access opens all records of one person: whoever has one open must
    not make it reach further."""
    if EmergencyAccess.objects.open_at(at).filter(user=by).exists():
        raise MergeRefused(
            "You have a record open in an emergency. End that first, then merge."
        )


def _keep_wish(stays: Patient, goes: Patient) -> None:
    """Whoever asked on either record not to be reminded is not reminded."""
    if stays.wants_reminders and not goes.wants_reminders:
        stays.wants_reminders = False
        stays.save(update_fields=["wants_reminders"])


def _take_schedules(
    stays: Patient, goes: Patient, *, by: User, at: datetime
) -> tuple[list[str], int]:
    """Move what still runs; it ends instead where the patient has one already.

    Two schedules would ask one person twice.
    """
    running = running_schedules(same_person(goes.id))
    if running_schedules(same_person(stays.id)).exists():
        reason = "The record was merged, and the patient is asked already."
        return [], end_schedules(running, reason=reason, by=by, at=at)
    moved = [str(one) for one in running.order_by("id").values_list("id", flat=True)]
    running.update(patient=stays)
    return moved, 0


@transaction.atomic
def unmerge(*, row: PatientMerge, by: User, at: datetime) -> Patient:
    """Part two records; each has again what was its own. Returns the one freed.

    What came to the record that stayed in the meantime stays there. Raises
    MergeRefused where they were parted already.
    """
    check_record(row.kept, by, Permission.MERGE_PATIENTS)
    _one_at_a_time(row.clinic_id)
    top = Patient.objects.values_list("merged_into_id", flat=True).get(id=row.gone_id)
    records = locked([row.kept_id, row.gone_id, top])
    standing = PatientMerge.objects.filter(id=row.id, undone_at=None)
    if standing.update(undone_at=at, undone_by=by) != 1:
        raise MergeRefused("These records have been parted already.")
    row.undone_at, row.undone_by = at, by
    freed = records[row.gone_id]
    freed.status, freed.merged_into = row.before, None
    freed.save(update_fields=["status", "merged_into"])
    came_along = _below(freed.id, row.clinic_id)
    Patient.objects.filter(merged_into_id=top, id__in=came_along).update(
        merged_into=freed
    )
    back = Schedule.objects.filter(id__in=row.moved, patient_id=top)
    back.update(patient=freed)
    _note(row, "PATIENTS_PARTED", {"merge": str(row.id)}, by=by, at=at)
    return freed


def _below(freed: UUID, clinic_id: UUID) -> list[UUID]:
    """Whoever was merged into this record, over however many steps."""
    standing = PatientMerge.objects.filter(clinic_id=clinic_id, undone_at=None)
    links: Mapping[UUID, UUID] = dict(standing.values_list("gone_id", "kept_id"))
    return [gone for gone, stays in roots(links).items() if stays == freed]


def _note(
    row: PatientMerge,
    kind: str,
    detail: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> None:
    """A line for each of the two: the log of either tells it."""
    for patient_id, other in ((row.kept_id, row.gone_id), (row.gone_id, row.kept_id)):
        audit.record(
            clinic_id=row.clinic_id,
            kind=kind,
            by=audit.Actor.staff(by),
            at=at,
            object_type="patient",
            object_id=patient_id,
            detail={**detail, "kept": str(row.kept_id), "other": str(other)},
        )


@transaction.atomic
def mark_two_people(*, one: Patient, other: Patient, by: User, at: datetime) -> None:
    """Remember that these are two people, such as twins: nobody is asked again."""
    for record in (one, other):
        check_record(record, by, Permission.MERGE_PATIENTS)
    if one.id == other.id:
        raise MergeRefused("These are one record.")
    first, second = sorted((one, other), key=lambda record: record.id)
    _, made = NotOnePerson.objects.get_or_create(
        first=first,
        second=second,
        defaults={"clinic_id": one.clinic_id, "by": by, "at": at},
    )
    if made:
        audit.record(
            clinic_id=one.clinic_id,
            kind="PATIENTS_TOLD_APART",
            by=audit.Actor.staff(by),
            at=at,
            object_type="patient",
            object_id=first.id,
            detail={"other": str(second.id)},
        )
