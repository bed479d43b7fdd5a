"""The second person: confirms that a case is closed, or sends it back to its owner."""

from datetime import datetime

from django.db import transaction

from clinicians.actions.base import (
    NOT_CLOSING,
    CaseChanged,
    check_staff,
    leave_trace,
    locked,
    move,
    part_of,
    rest_until,
)
from clinicians.actions.closing import contact_recorded, shut
from clinicians.definitions import review_policy
from clinicians.models import ReviewEvent
from clinicians.workflow import MoveRefused, Part, Status, check_close, check_move
from core.models import User
from core.permissions import Permission
from screening.domain.rules import Tier
from screening.models import Episode


def proposal(episode: Episode) -> ReviewEvent | None:
    """Return the event in which the closing that waits now was proposed."""
    proposed = episode.events.filter(kind=ReviewEvent.Kind.CLOSE_PROPOSED)
    return proposed.select_related("by").order_by("-at", "-id").first()


@transaction.atomic
def confirm_close(
    *,
    episode: Episode,
    seen_version: int,
    note: str,
    by: User,
    at: datetime,
    seconds: int | None = None,
) -> Episode:
    """Close a case that a colleague proposed to close, with what they wrote.

    Raises MoveRefused for the colleague themselves, CaseChanged if anything
    happened to the case since it was read.
    """
    check_staff(episode, by, Permission.REVIEW)
    row = locked(episode)
    check_move(Status(row.status), Status.CLOSED, part_of(row, by))
    said = proposal(row)
    if row.version != seen_version or said is None:
        raise CaseChanged
    check_close(
        review_policy(),
        Tier(row.tier),
        disposition=row.disposition,
        note=said.detail,
        contacted=contact_recorded(row),
    )
    shut(row, row.disposition, at=at)
    leave_trace(
        row,
        ReviewEvent.Kind.CLOSED,
        by=by,
        at=at,
        code=row.disposition,
        text=note.strip(),
        detail={"proposed_by": str(said.by_id)},
        seconds=seconds,
    )
    return row


@transaction.atomic
def decline_close(
    *, episode: Episode, reason: str, by: User, at: datetime, seconds: int | None = None
) -> Episode:
    """Send a case back to its owner: not agreed, or taken back by who proposed it."""
    check_staff(episode, by, Permission.REVIEW)
    row = locked(episode)
    part = part_of(row, by)
    if row.status != Status.TO_CONFIRM:
        raise CaseChanged
    check_move(Status.TO_CONFIRM, Status.IN_PROGRESS, part)
    if part is not Part.PROPOSER and not reason.strip():
        raise MoveRefused("Write why this case should stay open.")
    move(
        row,
        status=Status.IN_PROGRESS,
        progressed_at=at,
        next_notice_at=rest_until(row, Status.IN_PROGRESS, at=at),
        **NOT_CLOSING,
    )
    kind = ReviewEvent.Kind.CLOSE_DECLINED
    leave_trace(row, kind, by=by, at=at, text=reason.strip(), seconds=seconds)
    return row
