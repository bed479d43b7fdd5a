"""Emergency accesses in words: the banner while one is open, the list to look into."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from clinicians.actions.emergencies import to_look_into
from clinicians.presenters.access import Look, looks
from clinicians.presenters.people import PatientHeader, header, readable
from clinicians.presenters.times import moment
from core.models import AuditEvent, Clinic, EmergencyAccess, Role, User
from core.permissions import Permission, can

# A page that was asked for within the hour may be written down a moment after it.
ON_THE_WAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """What stands on every page while a record is open in an emergency."""

    id: uuid.UUID
    patient_id: uuid.UUID
    until: str


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One access, in the list."""

    id: uuid.UUID
    who: str
    role: str
    opened: str
    ended: str
    reviewed: str
    is_open: bool
    to_do: bool


@dataclass(frozen=True, slots=True)
class AccessView:
    """One access to look into: why, and everything that was opened under it."""

    line: AccessLine
    header: PatientHeader
    reason: str
    note: str
    looks: list[Look]


def open_record_of(user: User, *, at: datetime) -> OpenRecord | None:
    """The record that this person has open; asks nothing for roles that need none."""
    if can(user, Permission.SEE_CASES) or not can(user, Permission.EMERGENCY_ACCESS):
        return None
    rows = EmergencyAccess.objects.open_at(at).filter(user=user)
    row = rows.select_related("clinic").first()
    if row is None:
        return None
    local = row.ends_at.astimezone(row.clinic.zone)
    return OpenRecord(row.id, row.patient_id, f"{local:%H:%M}")


def count_to_look_into(user: User, *, at: datetime) -> int:
    """How many wait for this reader's eye."""
    if not can(user, Permission.REVIEW_EMERGENCIES):
        return 0
    return to_look_into(user, at=at).count()


def lines(
    rows: Iterable[EmergencyAccess], clinic: Clinic, reader: User, *, at: datetime
) -> list[AccessLine]:
    """Present rows that were read with their user and reviewer."""
    return [_line(row, clinic, reader, at=at) for row in rows]


def _line(
    row: EmergencyAccess, clinic: Clinic, reader: User, *, at: datetime
) -> AccessLine:
    is_open = row.is_open_at(at)
    reviewed = ""
    if row.reviewed_at:
        reviewed = f"{row.reviewed_by}, {moment(row.reviewed_at, clinic.zone)}"
    return AccessLine(
        id=row.id,
        who=str(row.user),
        role=Role(row.user.role).label,
        opened=moment(row.opened_at, clinic.zone),
        ended=moment(row.ended_at or row.ends_at, clinic.zone),
        reviewed=reviewed,
        is_open=is_open,
        to_do=not is_open and not reviewed and row.user_id != reader.id,
    )


def access_view(
    row: EmergencyAccess, clinic: Clinic, reader: User, *, at: datetime
) -> AccessView:
    """Read and present one access."""
    return AccessView(
        line=_line(row, clinic, reader, at=at),
        header=header(row.patient),
        reason=readable(row, "reason"),
        note=readable(row, "review_note"),
        looks=looks(_opened_under(row), clinic.zone),
    )


def _opened_under(row: EmergencyAccess) -> QuerySet[AuditEvent]:
    """All that was opened under it, whatever has become of the records since: asked of
    the patient, what was read of a record that was parted again would not show."""
    lasted = Q(at__gte=row.opened_at, at__lte=row.ends_at + ON_THE_WAY)
    rows = AuditEvent.objects.filter(
        lasted | Q(at=row.reviewed_at),
        chain=f"clinic:{row.clinic_id}",
        detail__emergency=str(row.id),
    )
    return rows.order_by("at", "seq")
