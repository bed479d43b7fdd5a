"""Emergency access: opened with a reason, ended by hand or by the clock, looked into."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from clinicians.actions.notices import LEASE, wait_after
from clinicians.actions.records import check_record
from clinicians.definitions import security_policy
from core import audit
from core.models import Clinic, EmergencyAccess, Patient, Role, User
from core.permissions import Permission, PermissionRefused, can, check_can


class EmergencyRefused(ValueError):
    """A sentence that says why a record is not opened, ended or signed off."""


@transaction.atomic
def open_record(
    *, patient: Patient, reason: str, by: User, at: datetime
) -> EmergencyAccess:
    """Open one record to somebody whose role reads none, for an hour at most.

    The person's row is locked: of two tabs, the second is told of the first.
    """
    check_record(patient, by, Permission.EMERGENCY_ACCESS)
    if can(by, Permission.SEE_CASES):
        raise EmergencyRefused("Your role reads records without this.")
    policy = security_policy()
    reason = reason.strip()
    if len(reason) < policy.reason_length:
        raise EmergencyRefused("Say in a few words why you need this record now.")
    User.objects.select_for_update().get(pk=by.pk)
    if EmergencyAccess.objects.open_at(at).filter(user=by).exists():
        raise EmergencyRefused("You have a record open already. End that one first.")
    access = EmergencyAccess.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        user=by,
        reason=reason,
        opened_at=at,
        ends_at=at + timedelta(minutes=policy.emergency_minutes),
        mail_next_at=at,
    )
    _record(access, "EMERGENCY_ACCESS_OPENED", by=by, at=at)
    return access


@transaction.atomic
def end_access(*, access: EmergencyAccess, by: User, at: datetime) -> None:
    """Close the record again: by whoever opened it, or by whoever looks into it."""
    if by.pk != access.user_id:
        _check_reviewer(access, by)
    row = _locked(access)
    if not row.is_open_at(at):
        raise EmergencyRefused("This access has ended already.")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record(row, "EMERGENCY_ACCESS_ENDED", by=by, at=at)


@transaction.atomic
def sign_off(*, access: EmergencyAccess, note: str, by: User, at: datetime) -> None:
    """Say that somebody else has looked into it, with what was found."""
    _check_reviewer(access, by)
    row = _locked(access)
    if row.user_id == by.pk:
        raise EmergencyRefused("Somebody else has to look into your own access.")
    if row.is_open_at(at):
        raise EmergencyRefused("This access is still open. End it, then look into it.")
    if row.reviewed_at is not None:
        raise EmergencyRefused("A colleague has signed this off meanwhile.")
    if len(note.strip()) < security_policy().note_length:
        raise EmergencyRefused("Say in a few words what you found.")
    row.reviewed_by, row.reviewed_at, row.review_note = by, at, note.strip()
    row.save(update_fields=["reviewed_by", "reviewed_at", "review_note"])
    _record(row, "EMERGENCY_ACCESS_REVIEWED", by=by, at=at)


def to_look_into(by: User, *, at: datetime) -> QuerySet[EmergencyAccess]:
    """What is over and waits for this person's eye."""
    rows = EmergencyAccess.objects.filter(clinic=by.clinic, reviewed_at__isnull=True)
    over = Q(ended_at__isnull=False) | Q(ends_at__lte=at)
    return rows.filter(over).exclude(user_id=by.pk)


def to_be_told(clinic: Clinic) -> list[str]:
    """The addresses of the supervisors here; of the auditors where there are none."""
    staff = User.objects.filter(clinic=clinic, is_active=True).order_by("email")
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        if found := list(staff.filter(role=role).values_list("email", flat=True)):
            return found
    return []


def claim_untold(*, at: datetime) -> list[EmergencyAccess]:
    """Return what this process now has to tell one clinic's supervisors of.

    One clinic a round: a mail server that takes its time must not hold the loop up.
    Each claim is a conditional update that must change exactly one row; a sender that
    dies lets its lease run out.
    """
    owed = EmergencyAccess.objects.filter(mail_next_at__lte=at).select_related("clinic")
    first = owed.order_by("mail_next_at", "id").first()
    if first is None:
        return []
    rows = list(owed.filter(clinic_id=first.clinic_id).order_by("id"))
    return [row for row in rows if _claim(row, at=at)]


def _claim(row: EmergencyAccess, *, at: datetime) -> bool:
    same = EmergencyAccess.objects.filter(id=row.id, mail_next_at=row.mail_next_at)
    row.mail_attempts += 1
    claimed = same.update(mail_next_at=at + LEASE, mail_attempts=F("mail_attempts") + 1)
    return claimed == 1


def mark_told(rows: Iterable[EmergencyAccess], *, at: datetime) -> None:
    """The mail server took the message."""
    ids = [row.id for row in rows]
    EmergencyAccess.objects.filter(id__in=ids).update(told_at=at, mail_next_at=None)


def tell_later(row: EmergencyAccess, *, at: datetime) -> None:
    """Try again later; nobody to tell yet is no reason to stop."""
    again = at + wait_after(row.mail_attempts)
    EmergencyAccess.objects.filter(id=row.id).update(mail_next_at=again)


def _locked(access: EmergencyAccess) -> EmergencyAccess:
    return EmergencyAccess.objects.select_for_update().get(id=access.id)


def _check_reviewer(access: EmergencyAccess, by: User) -> None:
    check_can(by, Permission.REVIEW_EMERGENCIES)
    if by.clinic_id != access.clinic_id:
        raise PermissionRefused("This access belongs to another clinic.")


def _record(access: EmergencyAccess, kind: str, *, by: User, at: datetime) -> None:
    """On the patient, so that it stands among the looks at the record."""
    audit.record(
        clinic_id=access.clinic_id,
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type="patient",
        object_id=access.patient_id,
        detail={"role": str(by.role), "emergency": str(access.id)},
    )
