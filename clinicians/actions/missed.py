"""What was asked and not answered in time, until the patient is asked again."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from clinicians.actions.inviting import ask
from clinicians.actions.inviting_many import BatchRefused, Wanted, plan
from clinicians.definitions import planning_policy
from clinicians.models import PatientMail, ScheduleRun
from core import audit
from core.models import Clinic, Patient, User
from core.permissions import Permission, PermissionRefused, check_can
from screening.actions import Invited
from screening.models import Invitation, Screening


def missed_of(clinic: Clinic, *, at: datetime) -> QuerySet[Screening]:
    """What ran out lately; not what staff took back, nor what was asked again since.

    Whoever has two records that were merged is one person: what the merged one was
    asked is still missed, unless either of them was asked since.
    """
    since = at - timedelta(days=planning_policy().missed_days)
    newer = Screening.objects.filter(
        created_at__gt=OuterRef("created_at"), retracted_at=None
    )
    standing = Invitation.objects.filter(
        screening=OuterRef("pk"), revoked_at__isnull=True
    )
    rows = Screening.objects.alias(
        person=Coalesce("patient__merged_into_id", "patient_id")
    )
    return rows.filter(
        _active("patient"),
        Exists(standing),
        ~Exists(newer.filter(patient=OuterRef("person"))),
        ~Exists(newer.filter(patient__merged_into=OuterRef("person"))),
        clinic=clinic,
        status=Screening.Status.EXPIRED,
        origin=Screening.Origin.INVITATION,
        closed_at__gte=since,
        retracted_at=None,
    ).order_by("-closed_at", "id")


def _active(patient: str) -> Q:
    """Whether the record that stays is in use."""
    active = Patient.Status.ACTIVE
    own = Q(**{f"{patient}__status": active})
    return own | Q(**{f"{patient}__merged_into__status": active})


def undelivered_of(clinic: Clinic) -> QuerySet[PatientMail]:
    """Mails that did not get through, about what can still be answered."""
    failed = PatientMail.objects.filter(clinic=clinic, failed_at__isnull=False)
    return failed.filter(
        _active("screening__patient"), screening__status=Screening.Status.INVITED
    ).order_by("-failed_at", "id")


def skipped_of(clinic: Clinic, *, at: datetime) -> QuerySet[ScheduleRun]:
    """Schedules whose newest day was not asked."""
    since = at - timedelta(days=planning_policy().missed_days)
    newer = ScheduleRun.objects.filter(
        schedule=OuterRef("schedule"), due_on__gt=OuterRef("due_on")
    )
    rows = ScheduleRun.objects.filter(~Exists(newer), schedule__clinic=clinic)
    return rows.filter(
        at__gte=since, skipped__gt="", schedule__ended_at__isnull=True
    ).order_by("-at", "id")


def wanted_again(rows: Iterable[Screening]) -> list[Wanted]:
    """The same questionnaires in the same language, for each, by what stays."""
    return [Wanted(row.patient.stays.id, row.battery, row.language) for row in rows]


@transaction.atomic
def invite_again(
    *, clinic: Clinic, screening_id: uuid.UUID, by: User, at: datetime
) -> tuple[Invited, bool]:
    """Ask one patient once more what ran out; says whether by mail.

    Raises BatchRefused with the reason, InvitationRefused or NotAvailable.
    """
    check_can(by, Permission.INVITE)
    if by.clinic_id != clinic.id:
        raise PermissionRefused("This patient belongs to another clinic.")
    rows = missed_of(clinic, at=at).select_related("patient__merged_into")
    row = rows.filter(id=screening_id).first()
    if row is None:
        raise BatchRefused("This is not waiting to be asked again (any more).")
    (planned,) = plan(clinic, wanted_again([row]), lock=True)
    if planned.why:
        raise BatchRefused(planned.why)
    planned.patient.clinic = clinic
    made = ask(
        patient=planned.patient,
        battery=row.battery,
        language=row.language,
        by=audit.Actor.staff(by),
        at=at,
        mailed=planned.mailed,
    )
    return made, planned.mailed
