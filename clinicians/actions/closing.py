"""Closing a case with all that it needs, and reopening it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from clinicians.actions.base import (
    AWAKE,
    CaseChanged,
    check_staff,
    give_to_team,
    leave_trace,
    locked,
    move,
    part_of,
    rest_until,
    stop_notices,
)
from clinicians.definitions import review_policy
from clinicians.models import ReviewEvent
from clinicians.workflow import (
    MoveRefused,
    Status,
    check_close,
    check_move,
    needs_second,
)
from core.models import User, same_person
from core.permissions import Permission
from screening.actions.clock import due_at
from screening.domain.rules import Tier
from screening.models import Episode


def contact_recorded(episode: Episode) -> bool:
    """Return whether contact was tried, or its lack explained, since the last
    urgent flag: an earlier call says nothing about what came after it.
    """
    contacts = episode.events.filter(kind=ReviewEvent.Kind.CONTACT)
    urgent = episode.flags.filter(tier=Tier.URGENT).order_by("-raised_at").first()
    if urgent is not None:
        contacts = contacts.filter(at__gte=urgent.raised_at)
    return contacts.exists()


@transaction.atomic
def close(
    *,
    episode: Episode,
    seen_version: int,
    disposition: str,
    note: str,
    by: User,
    at: datetime,
    seconds: int | None = None,
) -> Episode:
    """Close a case, or propose it where its tier needs a second person.

    `seen_version` is the state that the person was looking at:
    a flag that joined while they read raises CaseChanged: nothing is closed unseen.
    Raises MoveRefused or CloseRefused with what is missing.
    """
    check_staff(episode, by, Permission.REVIEW)
    row = locked(episode)
    check_move(Status(row.status), Status.CLOSED, part_of(row, by))
    if row.version != seen_version:
        raise CaseChanged
    chosen = check_close(
        review_policy(),
        Tier(row.tier),
        disposition=disposition,
        note=note,
        contacted=contact_recorded(row),
    )
    kind = _propose_or_shut(row, chosen.id, by=by, at=at)
    said = note.strip()
    leave_trace(row, kind, by=by, at=at, code=chosen.id, text=said, seconds=seconds)
    return row


def _propose_or_shut(
    row: Episode, disposition: str, *, by: User, at: datetime
) -> ReviewEvent.Kind:
    if waits_for_second(row):
        _propose(row, disposition, by=by, at=at)
        return ReviewEvent.Kind.CLOSE_PROPOSED
    shut(row, disposition, at=at)
    return ReviewEvent.Kind.CLOSED


def waits_for_second(row: Episode) -> bool:
    """Return whether a colleague has to confirm that this case is closed."""
    clinic_has_one = row.clinic.second_person
    return needs_second(review_policy(), Tier(row.tier), clinic_has_one=clinic_has_one)


def _propose(row: Episode, disposition: str, *, by: User, at: datetime) -> None:
    """Leave the case closed but for the second person; it climbs if none comes."""
    check_move(Status(row.status), Status.TO_CONFIRM, part_of(row, by))
    move(
        row,
        status=Status.TO_CONFIRM,
        closing_by=by,
        disposition=disposition,
        next_notice_at=rest_until(row, Status.TO_CONFIRM, at=at),
        **AWAKE,
    )


def shut(row: Episode, disposition: str, *, at: datetime) -> None:
    """Move a case to CLOSED: nobody is told of it any more."""
    move(
        row,
        status=Status.CLOSED,
        closed_at=at,
        closing_by=None,
        disposition=disposition,
        next_notice_at=None,
        **AWAKE,
    )
    stop_notices(row, at=at)


class OpenCaseExists(MoveRefused):
    """The patient has another case that is open; `case` is that one."""

    def __init__(self, case: Episode) -> None:
        super().__init__("This patient has an open case already. Add a note there.")
        self.case = case


def reopen(*, episode: Episode, reason: str, by: User, at: datetime) -> Episode:
    """Put a closed case back before the team, with a new due time.

    Raises OpenCaseExists if another case of the patient is open: one holds it all.
    """
    check_staff(episode, by, Permission.REOPEN)
    if not reason.strip():
        raise MoveRefused("Write why this case is reopened.")
    try:
        return _reopen(episode=episode, reason=reason.strip(), by=by, at=at)
    except IntegrityError as error:
        # A flag opened the other case between our look and our write.
        _refuse_beside(episode)
        raise CaseChanged from error


def _refuse_beside(episode: Episode) -> None:
    cases = Episode.objects.filter(
        patient__in=same_person(episode.patient_id).values("id")
    )
    other = cases.exclude(id=episode.id).exclude(status=Status.CLOSED).first()
    if other is not None:
        raise OpenCaseExists(other)


@transaction.atomic
def _reopen(*, episode: Episode, reason: str, by: User, at: datetime) -> Episode:
    row = locked(episode)
    check_move(Status(row.status), Status.OPEN, part_of(row, by))
    _refuse_beside(row)
    give_to_team(
        row,
        at=at,
        closed_at=None,
        due_at=due_at(row.clinic, Tier(row.tier), at=at),
    )
    leave_trace(row, ReviewEvent.Kind.REOPENED, by=by, at=at, text=reason)
    return row
