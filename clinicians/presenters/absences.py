"""Who is away, in words; and what the reader has in hand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinicians.actions.absences import upcoming
from clinicians.presenters.times import moment
from clinicians.workflow import Status
from core.models import Clinic, User
from core.permissions import Permission, can
from screening.models import Episode


@dataclass(frozen=True, slots=True)
class Away:
    """One absence."""

    id: uuid.UUID
    who: str
    cover: str
    start: str
    end: str
    now: bool
    uncovered: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class AwayPage:
    """The page: absences, and how many cases the reader would hand over."""

    rows: Sequence[Away]
    open_cases: int


def reviewers(clinic: Clinic) -> list[User]:
    """Everybody here who may work on cases."""
    staff = User.objects.filter(clinic=clinic, is_active=True).order_by("name", "id")
    return [user for user in staff if can(user, Permission.REVIEW)]


def away_page(clinic: Clinic, user: User, *, at: datetime) -> AwayPage:
    """Read and present the page for this reader."""
    everybody = User.objects.filter(clinic=clinic)
    speaks_for_all = can(user, Permission.REASSIGN)
    mine = Episode.objects.filter(clinic=clinic, owner=user)
    return AwayPage(
        rows=[
            Away(
                id=row.id,
                who=str(row.user),
                cover=str(row.cover),
                start=moment(row.starts_at, clinic.zone),
                end=moment(row.ends_at, clinic.zone),
                now=row.starts_at <= at,
                uncovered=not can(row.cover, Permission.REVIEW),
                mine=speaks_for_all or row.user_id == user.id,
            )
            for row in upcoming(everybody, at=at)
        ],
        open_cases=mine.exclude(status=Status.CLOSED).count(),
    )
