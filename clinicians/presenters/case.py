"""A case: who, why, what was answered, what was done, who has looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinicians.actions import may_hand_over, part_of, proposal, waits_for_second
from clinicians.presenters.access import recent_looks
from clinicians.presenters.asking import AsqView, asq_view
from clinicians.presenters.glance import Glance, glance
from clinicians.presenters.people import Why, readable, why
from clinicians.presenters.queue import QueueRow, present
from clinicians.presenters.records import CaseNotice, case_notices
from clinicians.presenters.results import ScreeningView, screenings
from clinicians.presenters.retracting import in_error_notices
from clinicians.presenters.timeline import Event, disposition, reviewed, timeline
from clinicians.presenters.times import moment
from clinicians.workflow import Part, Status, can_move
from core.models import Clinic, Patient, User
from core.permissions import Permission, can
from screening.domain.rules import Tier, tier_rank
from screening.models import Episode


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag with the moment it was raised."""

    why: Why
    at: str
    in_error: bool = False


@dataclass(frozen=True, slots=True)
class Able:
    """What this person may do to this case now."""

    claim: bool
    release: bool
    close: bool
    propose: bool
    confirm: bool
    take_back: bool
    snooze: bool
    hand_over: bool
    reopen: bool
    record: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """The whole case."""

    row: QueueRow
    flags: Sequence[Flagged]
    glance: Glance | None
    screenings: Sequence[ScreeningView]
    timeline: Sequence[Event]
    looks: Sequence[Event]
    able: Able
    urgent: bool
    disposition: str
    proposal: "Event | None"
    put_off: str
    asq: AsqView | None
    notices: Sequence[CaseNotice]
    reach: Sequence[tuple[str, str]]


def case_view(row: Episode, clinic: Clinic, user: User, *, at: datetime) -> CaseView:
    """Read and present one case."""
    flags = list(row.flags.all())
    ids = list(dict.fromkeys(flag.screening_id for flag in flags))
    sittings = screenings(
        ids,
        clinic.zone,
        amends=can(user, Permission.AMEND),
        retracts=can(user, Permission.RETRACT),
    )
    in_error = {sitting.id for sitting in sittings if sitting.retracted}
    return CaseView(
        row=present(row, clinic, user, at=at),
        flags=[
            Flagged(
                why(flag),
                moment(flag.raised_at, clinic.zone),
                in_error=flag.screening_id in in_error,
            )
            for flag in sorted(flags, key=lambda f: tier_rank(Tier(f.tier)))
        ],
        glance=glance(sittings, row.patient, clinic),
        screenings=sittings,
        timeline=timeline(row, flags, sittings, clinic.zone),
        looks=recent_looks(row.id, clinic.zone),
        able=able(row, user, at=at),
        urgent=row.tier == Tier.URGENT,
        disposition=disposition(row.disposition),
        proposal=_proposal(row, clinic),
        put_off=_put_off(row, clinic),
        asq=asq_view(row, flags, clinic, user),
        notices=[*in_error_notices(row, sittings), *case_notices(row, clinic)],
        reach=_reach(row.patient, sittings),
    )


def _reach(
    patient: Patient, sittings: Sequence[ScreeningView]
) -> list[tuple[str, str]]:
    """How to reach the patient: what they said last, then what the record has."""
    said = next((one for one in sittings if one.reach), None)
    given = [*said.reach] if said else []
    if said and said.retracted:
        # Whoever answered, which may be somebody else: still the way to find out who.
        given = [(f"{label}, as whoever answered gave it", to) for label, to in given]
    return [*given, ("Phone on the record", readable(patient, "phone") or "None")]


def _put_off(row: Episode, clinic: Clinic) -> str:
    """Until when the case is put off, while it is."""
    until = row.snoozed_until_at
    return f"Put off until {moment(until, clinic.zone)}" if until else ""


def _proposal(row: Episode, clinic: Clinic) -> Event | None:
    """What the colleague wrote who proposed to close it, while that waits."""
    event = proposal(row) if row.status == Status.TO_CONFIRM else None
    return reviewed(event).told(clinic.zone) if event else None


def able(row: Episode, user: User, *, at: datetime) -> Able:
    """The yes/no twins of the rules that the writes check."""
    part = part_of(row, user)
    status = Status(row.status)
    review = can(user, Permission.REVIEW)
    return Able(
        claim=review and can_move(status, Status.ACKNOWLEDGED, part),
        release=review
        and status != Status.CLOSED
        and can_move(status, Status.OPEN, part),
        close=review
        and status != Status.TO_CONFIRM
        and can_move(status, Status.CLOSED, part),
        propose=waits_for_second(row),
        confirm=review
        and status == Status.TO_CONFIRM
        and can_move(status, Status.CLOSED, part),
        take_back=review and part is Part.PROPOSER,
        snooze=review
        and part is Part.OWNER
        and status in (Status.ACKNOWLEDGED, Status.IN_PROGRESS),
        hand_over=may_hand_over(row, user, at=at),
        reopen=can(user, Permission.REOPEN)
        and status == Status.CLOSED
        and can_move(status, Status.OPEN, part),
        record=review,
    )
