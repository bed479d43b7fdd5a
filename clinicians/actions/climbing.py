"""The ladder as rows: who is owed a notice now, and when the next step is due."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from clinicians.actions.absences import stand_in
from clinicians.actions.base import AWAKE, NOT_CLOSING, CaseChanged, leave_trace, move
from clinicians.definitions import review_policy
from clinicians.models import Notice, ReviewEvent
from clinicians.workflow import TOP, Climb, Part, Status, Step, check_move, climb
from core.crypto import hash_token
from core.models import Clinic
from screening.domain.rules import Tier
from screening.models import Episode

BATCH = 200


def due_cases(*, at: datetime) -> list[uuid.UUID]:
    """Return the cases that owe somebody a notice, the most urgent first.

    Replayed answers have no patient to call: their cases owe nobody anything.
    """
    owed = _owed(at)
    owed.filter(clinic__purpose=Clinic.Purpose.REPLAY).update(next_notice_at=None)
    owed = owed.order_by("tier_rank", "next_notice_at", "id")
    return list(owed.values_list("id", flat=True)[:BATCH])


def _owed(at: datetime) -> QuerySet[Episode]:
    """What is due, and what a clock that ran ahead would have kept quiet for long."""
    due = Q(next_notice_at__lte=at)
    misdated = Q(tier=Tier.URGENT, next_notice_at__gt=at + _longest_rest())
    return Episode.objects.filter(due | misdated).exclude(status=Status.CLOSED)


def _longest_rest() -> timedelta:
    """No urgent case waits longer for anything, whatever was recorded on it."""
    policy = review_policy()
    rest = policy.patience[Tier.URGENT]
    steps = Clinic.objects.aggregate(longest=Max("escalate_minutes"))
    minutes = max(
        *(rest.acknowledged, rest.in_progress, rest.to_confirm, rest.repeat),
        *(policy.snooze[Tier.URGENT], steps["longest"] or 0),
    )
    return timedelta(minutes=minutes)


@transaction.atomic
def climb_case(*, episode_id: uuid.UUID, at: datetime) -> int:
    """Take one case one step up, if it is still due; returns how many are told.

    Two loops never climb the same step: the row is locked, or skipped while
    another has it, and its version changes.
    """
    # Nothing is joined, for the reason that `locked` gives.
    rows = _owed(at).select_for_update(skip_locked=True)
    row = rows.filter(id=episode_id).first()
    if row is None:
        return 0
    try:
        if row.status != Status.OPEN:
            _back_to_team(row, at=at)
        return _step_up(row, at=at)
    except CaseChanged:
        return 0


def _back_to_team(row: Episode, *, at: datetime) -> None:
    """Reopen what was acknowledged and led nowhere, or what has a new flag.

    The owner stays named, is told first, and claims again with one press.
    """
    check_move(Status(row.status), Status.OPEN, Part.SYSTEM)
    kind = ReviewEvent.Kind.TIMED_OUT
    if row.snoozed_until_at is not None:
        kind = ReviewEvent.Kind.AWAKE
    seen_at = row.snoozed_at or row.progressed_at or row.acknowledged_at
    if seen_at is not None and row.last_flag_at > seen_at:
        kind = ReviewEvent.Kind.FLAG_JOINED
    move(
        row,
        status=Status.OPEN,
        ladder_step=0,
        ladder_round=row.ladder_round + 1,
        **NOT_CLOSING,
        **AWAKE,
    )
    leave_trace(row, kind, by=None, at=at)


def _step_up(row: Episode, *, at: datetime) -> int:
    rung = climb(row.ladder_step, recipients(row, at=at))
    ladder_round = row.ladder_round + 1 if rung.at_top else row.ladder_round
    move(
        row,
        ladder_step=rung.next_step,
        ladder_round=ladder_round,
        next_notice_at=at + _wait(row, rung),
    )
    if rung.step is None:
        leave_trace(row, ReviewEvent.Kind.NOBODY_TO_TELL, by=None, at=at)
        return 0
    _owe_notices(row, rung.step, rung.told, at=at)
    leave_trace(
        row,
        ReviewEvent.Kind.ESCALATED,
        by=None,
        at=at,
        code=rung.step.value,
        detail={"told": len(rung.told), "round": row.ladder_round},
    )
    return len(rung.told)


def _wait(row: Episode, rung: Climb) -> timedelta:
    patience = review_policy().patience[Tier(row.tier)]
    if rung.at_top:
        return timedelta(minutes=patience.repeat)
    return timedelta(minutes=patience.step_minutes(row.clinic.escalate_minutes))


def recipients(row: Episode, *, at: datetime) -> Mapping[Step, Sequence[str]]:
    """Return whom each step of the ladder tells; who is away is told by their cover."""
    found: dict[Step, Sequence[str]] = {
        Step(rung["step"]): [*rung.get("emails", []), *rung.get("webhooks", [])]
        for rung in row.clinic.ladder
        # A step that nobody knows must not silence the ones that we do know.
        if rung.get("step") in list(Step)
    }
    owner = stand_in(row.owner, at=at) if row.owner else None
    found[Step.OWNER] = [owner.email] if owner else []
    return found


def _owe_notices(
    row: Episode, step: Step, told: Sequence[str], *, at: datetime
) -> None:
    """One row for each recipient and step of this round, however often this runs."""
    for address in told:
        channel = channel_of(address)
        mailbox = channel == Notice.Channel.EMAIL
        who = hash_token(address.strip().lower() if mailbox else address)[:16]
        Notice.objects.get_or_create(
            key=f"{row.id}:{row.ladder_round}:{step.value}:{who}",
            defaults={
                "episode": row,
                "round": row.ladder_round,
                "step": step.value,
                "channel": channel,
                "recipient": address.strip(),
                "created_at": at,
                "next_at": at,
            },
        )


def channel_of(address: str) -> Notice.Channel:
    """How an address of the ladder is reached; no e-mail address has a scheme."""
    return Notice.Channel.WEBHOOK if "://" in address else Notice.Channel.EMAIL


def at_top(clinic_id: uuid.UUID) -> int:
    """Return how many open cases have gone up the whole ladder unanswered."""
    climbed = Q(status=Status.OPEN, ladder_step__gte=TOP)
    return Episode.objects.filter(climbed, clinic_id=clinic_id).count()
