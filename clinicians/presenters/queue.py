"""The queue: one row a patient, the most pressing first, each saying why."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet

from clinicians.models import ReviewEvent
from clinicians.presenters.people import PatientHeader, Why, header, why
from clinicians.presenters.times import due_words, moment, since
from clinicians.workflow import TOP, Part, Status, can_move
from core.models import Clinic, Role, User
from screening.domain.rules import Tier, tier_rank
from screening.models import Episode, Flag

PAGE = 50
REASONS = 2
FILTERS = {
    "all": "All open",
    "unowned": "Without an owner",
    "mine": "Mine",
    "overdue": "Overdue",
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case, with every word decided."""

    id: uuid.UUID
    tier: str
    status: str
    patient: PatientHeader
    reasons: Sequence[Why]
    more_reasons: int
    since: str
    opened: str
    opened_iso: str
    due: str
    due_iso: str
    overdue: bool
    owner: str
    last_contact: str
    unanswered: bool
    claimable: bool
    version: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue."""

    rows: Sequence[QueueRow]
    page: "Page[Any]"
    show: str
    query: str
    filters: Sequence[tuple[str, str]]


def open_cases(clinic: Clinic) -> QuerySet[Episode]:
    """The clinic's open cases, in the order in which they are to be read.

    Tier, then due time: what is overdue is thereby first. Equal ones by the value
    of the answer, then by id, so that the order never wavers.
    """
    rows = Episode.objects.filter(clinic=clinic).exclude(status=Status.CLOSED)
    return rows.order_by("tier_rank", "due_at", "-value_rank", "id")


def shown(
    rows: QuerySet[Episode], show: str, *, user: User, at: datetime
) -> QuerySet[Episode]:
    """Narrow the queue down as its address asks."""
    if show == "mine":
        return rows.filter(owner=user)
    if show == "unowned":
        return rows.filter(status=Status.OPEN)
    if show == "overdue":
        return rows.filter(due_at__lte=at)
    return rows


def queue_page(
    clinic: Clinic, user: User, *, show: str, page: str, at: datetime
) -> Queue:
    """Read one page; the number of queries does not depend on the rows."""
    show = show if show in FILTERS else "all"
    rows = shown(open_cases(clinic), show, user=user, at=at)
    rows = rows.select_related("patient", "owner").prefetch_related(
        "patient__identifiers",
        Prefetch("flags", queryset=Flag.objects.order_by("-raised_at", "id")),
        Prefetch(
            "events",
            queryset=ReviewEvent.objects.filter(kind=ReviewEvent.Kind.CONTACT).defer(
                "detail"
            ),
            to_attr="contacts",
        ),
    )
    found = Paginator(rows, PAGE).get_page(page)
    return Queue(
        rows=[present(row, clinic, user, at=at) for row in found],
        page=found,
        show=show,
        query=f"show={show}&",
        filters=list(FILTERS.items()),
    )


def present(row: Episode, clinic: Clinic, user: User, *, at: datetime) -> QueueRow:
    """Turn one case into words."""
    flags = sorted(row.flags.all(), key=lambda f: tier_rank(Tier(f.tier)))
    contacts: Sequence[ReviewEvent] = getattr(row, "contacts", ())
    part = Part.SUPERVISOR if user.role == Role.SUPERVISOR else Part.MEMBER
    return QueueRow(
        id=row.id,
        tier=row.tier,
        status=row.status,
        patient=header(row.patient),
        reasons=[why(flag) for flag in flags[:REASONS]],
        more_reasons=max(len(flags) - REASONS, 0),
        since=since(row.opened_at, at),
        opened=moment(row.opened_at, clinic.zone),
        opened_iso=row.opened_at.isoformat(),
        due=due_words(row.due_at, at),
        due_iso=row.due_at.isoformat(),
        overdue=row.due_at <= at,
        owner=owner_words(row),
        last_contact=since(contacts[-1].at, at) if contacts else "",
        unanswered=row.status == Status.OPEN and row.ladder_step >= TOP,
        claimable=can_move(Status(row.status), Status.ACKNOWLEDGED, part),
        version=row.version,
    )


def owner_words(row: Episode) -> str:
    """Whose it is; a case that went back to the team is nobody's until claimed."""
    if row.owner is None:
        return "Nobody yet"
    if row.status == Status.OPEN:
        return f"Nobody; before, {row.owner}"
    return str(row.owner)
