"""Who is away, and which colleague has their cases and their notices meanwhile."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from clinicians.models import Absence
from core import audit
from core.models import User
from core.permissions import Permission, PermissionRefused, can, check_can

# So many absences in a row are followed before the owner is told after all.
LONGEST_CHAIN = 5


class AbsenceRefused(ValueError):
    """Why somebody cannot be away so, in a sentence."""


def standing() -> QuerySet[Absence]:
    """The absences that nobody has called off."""
    rows = Absence.objects.filter(cancelled_at__isnull=True)
    return rows.select_related("user", "cover")


def absence_of(user: User, *, at: datetime) -> Absence | None:
    """Return the absence that this person is on now."""
    now = standing().filter(user=user, starts_at__lte=at, ends_at__gt=at)
    return now.order_by("starts_at", "id").first()


def stand_in(user: User, *, at: datetime) -> User | None:
    """Return who is told in this person's place now: themselves unless away or gone.

    A cover who has left or is away too is passed over; with nobody left the person
    is told after all. None only for somebody who left and has no cover.
    """
    found = user
    for _ in range(LONGEST_CHAIN):
        absence = absence_of(found, at=at)
        if absence is None:
            break
        found = absence.cover
    else:
        found = user
    if can(found, Permission.REVIEW):
        return found
    return user if user.is_active else None


def covers(user: User, owner: User, *, at: datetime) -> bool:
    """Return whether this person has the owner's cases now."""
    return user.id != owner.id and stand_in(owner, at=at) == user


@transaction.atomic
def go_away(
    *,
    user: User,
    cover: User,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
) -> Absence:
    """Say that somebody is away and who has their cases; supervisors say it of others."""
    _check_by(user, by)
    # Both rows in one order: two who name each other wait, and one is refused.
    people = User.objects.select_for_update().filter(id__in=[user.id, cover.id])
    fresh = {row.id: row for row in people.order_by("id")}
    user, cover = fresh[user.id], fresh[cover.id]
    _check_times(starts_at, ends_at, at)
    _check_cover(user, cover)
    _check_beside(user, cover, starts_at, ends_at)
    row = Absence.objects.create(
        clinic_id=str(user.clinic_id),
        user=user,
        cover=cover,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=at,
        created_by_id=str(by.id),
    )
    _record(row, "ABSENCE_SET", by=by, at=at)
    return row


@transaction.atomic
def call_off(*, absence: Absence, by: User, at: datetime) -> Absence:
    """End an absence now, or before it began; calling it off twice changes nothing."""
    _check_by(absence.user, by)
    row = Absence.objects.select_for_update().get(id=absence.id)
    if row.cancelled_at is None:
        row.cancelled_at = at
        row.save(update_fields=["cancelled_at"])
        _record(row, "ABSENCE_CALLED_OFF", by=by, at=at)
    return row


def _check_by(user: User, by: User) -> None:
    check_can(by, Permission.REVIEW if by.id == user.id else Permission.REASSIGN)
    if by.clinic_id != user.clinic_id:
        raise PermissionRefused("This account belongs to another clinic.")


def _check_times(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise AbsenceRefused("The absence ends before it begins.")
    if ends_at <= at:
        raise AbsenceRefused("This time is over already.")


def _check_cover(user: User, cover: User) -> None:
    if cover.id == user.id:
        raise AbsenceRefused("Choose a colleague as cover.")
    if cover.clinic_id != user.clinic_id or not can(cover, Permission.REVIEW):
        raise AbsenceRefused(f"{cover} cannot work on this clinic's cases.")


def _check_beside(user: User, cover: User, start: datetime, end: datetime) -> None:
    beside = standing().filter(starts_at__lt=end, ends_at__gt=start)
    if beside.filter(user=user).exists():
        raise AbsenceRefused(f"{user} is away in this time already.")
    if beside.filter(user=cover).exists():
        raise AbsenceRefused(f"{cover} is away in this time too. Choose another cover.")
    covered = beside.filter(cover=user).first()
    if covered is not None:
        raise AbsenceRefused(
            f"{user} covers for {covered.user} in this time. "
            f"Choose another cover for {covered.user} first."
        )


def upcoming(users: Iterable[User], *, at: datetime) -> QuerySet[Absence]:
    """The absences of these people that are not over yet, the first to come first."""
    rows = standing().filter(Q(user__in=users), ends_at__gt=at)
    return rows.order_by("starts_at", "id")


def _record(row: Absence, kind: str, *, by: User, at: datetime) -> None:
    audit.record(
        clinic_id=row.clinic_id,
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type="absence",
        object_id=row.id,
        detail={
            "user": str(row.user_id),
            "cover": str(row.cover_id),
            "from": row.starts_at.isoformat(),
            "until": row.ends_at.isoformat(),
        },
    )
