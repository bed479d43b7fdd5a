"""The queue: one row a patient, the most pressing first, each saying why."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from clinicians.actions import part_of
from clinicians.definitions import asq_policy, queue_policy
from clinicians.models import Absence, ReviewEvent
from clinicians.presenters.filters import Tag, Wanted, narrowed
from clinicians.presenters.paging import (
    CLOSED_ORDER,
    OPEN_ORDER,
    PlaceLost,
    after,
    ordered,
    place_after,
)
from clinicians.presenters.people import PatientHeader, Why, header, why
from clinicians.presenters.times import due_words, moment, since, zoned
from clinicians.workflow import TOP, Status, can_move
from clinicians.workflow.bulk import BulkKind, can_bulk
from core.models import Clinic, User
from screening.domain.rules import Tier, tier_rank
from screening.models import Episode, Flag

REASONS = 1


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
    due_at: str
    due_iso: str
    overdue: bool
    owner: str
    cover: str
    put_off: str
    last_contact: str
    unanswered: bool
    claimable: bool
    confirmable: bool
    version: int
    closed: str = ""
    # May be one of several that are claimed or closed at once.
    one_of_several: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and how it was narrowed down."""

    rows: Sequence[QueueRow]
    wanted: Wanted
    tags: Sequence[Tag]
    problems: Sequence[str]
    following: str
    first: str
    read_at: str
    refresh: str
    # What the rows say but for the time that passes; it changes when they do.
    facts: str

    @property
    def several(self) -> bool:
        """Whether any of them may be acted on together with others."""
        return any(row.one_of_several for row in self.rows)


def open_cases(clinic: Clinic) -> QuerySet[Episode]:
    """The clinic's open cases, in the order in which they are to be read."""
    rows = Episode.objects.filter(clinic=clinic).exclude(status=Status.CLOSED)
    return ordered(rows, OPEN_ORDER)


def queue_page(
    clinic: Clinic, user: User, wanted: Wanted, *, place: str = "", at: datetime
) -> Queue:
    """Read one page; the number of queries does not depend on the rows."""
    order = CLOSED_ORDER if wanted.closed else OPEN_ORDER
    rows = ordered(narrowed(clinic, user, wanted, at=at), order)
    problems = list(wanted.problems)
    if place:
        try:
            rows = after(rows, order, place)
        except PlaceLost:
            place = ""
            problems.append("That page is not known. This is the first one.")
    size = queue_policy().page
    # One more than fits says whether there is a next page: nothing is counted.
    found = list(_with_all(rows)[: size + 1])
    shown, covers = found[:size], _covers(clinic, at=at)
    last = place_after(shown[-1], order) if len(found) > size else ""
    shown_rows = [present(row, clinic, user, at=at, covers=covers) for row in shown]
    return Queue(
        rows=shown_rows,
        wanted=wanted,
        tags=list(wanted.tags()),
        problems=problems,
        following=f"?{wanted.query(after=last)}" if last else "",
        first=f"?{wanted.query()}" if place else "",
        read_at=zoned(at, clinic.zone),
        refresh=wanted.query(**({"after": place} if place else {})),
        facts=_facts(shown_rows, last),
    )


def _facts(rows: Sequence[QueueRow], last: str) -> str:
    """A short mark of all that a row says, its lengths of time left out."""
    said = [
        replace(row, since="", due="", last_contact=str(bool(row.last_contact)))
        for row in rows
    ]
    return hashlib.sha256(f"{said}{last}".encode()).hexdigest()[:16]


def _with_all(rows: QuerySet[Episode]) -> QuerySet[Episode]:
    contacts = ReviewEvent.objects.filter(kind=ReviewEvent.Kind.CONTACT)
    return rows.select_related(
        "patient__merged_into", "owner", "closing_by"
    ).prefetch_related(
        "patient__identifiers",
        "patient__merged_into__identifiers",
        Prefetch("flags", queryset=Flag.objects.order_by("-raised_at", "id")),
        Prefetch("events", queryset=contacts.defer("detail"), to_attr="contacts"),
    )


def _covers(clinic: Clinic, *, at: datetime) -> dict[Any, str]:
    """Who stands in now, by whose cases they have."""
    away = Absence.objects.filter(
        clinic=clinic, starts_at__lte=at, ends_at__gt=at, cancelled_at=None
    )
    return {row.user_id: str(row.cover) for row in away.select_related("cover")}


def present(
    row: Episode,
    clinic: Clinic,
    user: User,
    *,
    at: datetime,
    covers: Mapping[Any, str] | None = None,
) -> QueueRow:
    """Turn one case into words."""
    # Sorting keeps the newest first among the gravest.
    flags = sorted(row.flags.all(), key=lambda f: tier_rank(Tier(f.tier)))
    contacts: Sequence[ReviewEvent] = getattr(row, "contacts", ())
    part, status = part_of(row, user), Status(row.status)
    confirmable = status is Status.TO_CONFIRM and can_move(status, Status.CLOSED, part)
    until = row.snoozed_until_at
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
        due_at=zoned(row.due_at, clinic.zone),
        due_iso=row.due_at.isoformat(),
        overdue=row.due_at <= at and status is not Status.CLOSED,
        owner=owner_words(row),
        cover=(covers or {}).get(row.owner_id, ""),
        put_off=zoned(until, clinic.zone) if until and until > at else "",
        last_contact=since(contacts[-1].at, at) if contacts else "",
        unanswered=status is Status.OPEN and row.ladder_step >= TOP,
        claimable=can_move(status, Status.ACKNOWLEDGED, part),
        confirmable=confirmable,
        version=row.version,
        closed=zoned(row.closed_at, clinic.zone) if row.closed_at else "",
        one_of_several=may_be_one_of_several(row, user),
    )


def may_be_one_of_several(row: Episode, user: User) -> bool:
    """Whether either act on several takes it."""
    rules = {flag.rule for flag in row.flags.all()}
    return any(
        can_bulk(
            kind,
            tier=Tier(row.tier),
            rules=rules,
            alone=asq_policy().after,
            status=Status(row.status),
            part=part_of(row, user),
        )
        for kind in BulkKind
    )


def owner_words(row: Episode) -> str:
    """Whose it is; a case that went back to the team is nobody's until claimed."""
    if row.owner is None:
        return "Nobody yet"
    if row.status == Status.OPEN:
        return f"Nobody; before, {row.owner}"
    return str(row.owner)
