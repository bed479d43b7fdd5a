"""What a change of settings would do, said before it is saved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count as Rows
from django.db.models import Q

from clinicians.actions.settings import chosen
from clinicians.workflow import Status
from clinicians.workflow.settings import Count, Danger, Level
from clinicians.workflow.settings_limits import spoken
from clinicians.workflow.settings_words import TIERS, Difference, differences
from clinicians.workflow.waiting import longest_wait
from core.models import Clinic
from screening import definitions
from screening.domain.rules import Tier
from screening.models import Episode, Screening

TIMED = {"due_overrides", "staffed_hours", "holidays", "time_zone"}


@dataclass(frozen=True, slots=True)
class Warned:
    """One danger on the page: its box to tick, what happens, what it touches now."""

    id: str
    title: str
    text: str
    effects: Sequence[str]
    ticked: bool
    missing: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything that the page before saving says."""

    changed: Sequence[Difference]
    dangers: Sequence[Warned]
    told: Sequence[Danger]
    waits: Sequence[Difference]


def consequences(
    clinic: Clinic,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    found: Iterable[Danger],
    *,
    at: datetime,
    ticked: frozenset[str] = frozenset(),
    asked: bool = False,
) -> Consequences:
    """What to say of a change; `asked`: it was said once and not all was ticked."""
    counts = counted(clinic)
    names = [name for name in after if before[name] != after[name]]
    return Consequences(
        changed=[
            one
            for name in names
            for one in differences(
                name, before[name], after[name], proposed=definitions.due_policy()
            )
        ],
        dangers=[
            Warned(
                id=danger.id,
                title=danger.title,
                text=danger.text,
                effects=[e.said(counts[e.count]) for e in danger.effects],
                ticked=danger.id in ticked,
                missing=asked and danger.id not in ticked,
            )
            for danger in found
            if danger.level is Level.TICK
        ],
        told=[danger for danger in found if danger.level is Level.TOLD],
        waits=_waits(before, after, at) if TIMED & set(names) else [],
    )


def counted(clinic: Clinic) -> dict[Count, int]:
    """What is open now; two queries."""
    tiers = {Count[f"OPEN_{tier.name}"]: Q(tier=tier) for tier in Tier}
    asked = {
        Count.OPEN: Q(),
        **tiers,
        Count.TO_CONFIRM: Q(status=Status.TO_CONFIRM),
        Count.UNCLAIMED_URGENT: Q(status=Status.OPEN, tier=Tier.URGENT),
    }
    cases = Episode.objects.filter(clinic=clinic).exclude(status=Status.CLOSED)
    waiting = [Screening.Status.INVITED, Screening.Status.CONSENTED]
    screenings = Screening.objects.filter(clinic=clinic)
    begun = {
        Count.BEGUN: Q(status=Screening.Status.IN_PROGRESS),
        Count.INVITED: Q(status__in=waiting),
    }
    found = {
        **cases.aggregate(**{c.name: Rows("id", filter=q) for c, q in asked.items()}),
        **screenings.aggregate(
            **{c.name: Rows("id", filter=q) for c, q in begun.items()}
        ),
    }
    return {count: found[count.name] for count in Count}


def _waits(
    before: Mapping[str, Any], after: Mapping[str, Any], at: datetime
) -> list[Difference]:
    """The longest wait of each tier over the week to come, where it differs."""
    old, new = chosen(before), chosen(after)
    found = []
    for tier in Tier:
        was, will = longest_wait(old, tier, at), longest_wait(new, tier, at)
        if was != will:
            found.append(Difference(TIERS[tier], _exact(was), _exact(will)))
    return found


def _exact(span: timedelta) -> str:
    """`3 d 4 h`: after days too every hour counts here, as two waits are compared."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return spoken(hours * 60 + minutes)
