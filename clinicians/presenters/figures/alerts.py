"""Alerts and what became of them: read in one query, added up as they come.

An alert is all that one screening put before the team on one case. It stands for its
gravest flag: its time runs from when the first flag of that tier was raised.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from clinicians.definitions import queue_policy
from clinicians.models import ReviewEvent
from clinicians.workflow import LADDER
from clinicians.workflow.figures import standing
from core.models import Clinic
from screening.domain.rules import Tier, tier_rank
from screening.models import Flag

ALL = "ALL"
MINUTE = timedelta(minutes=1)
# What only somebody who has the case can do, beside claiming it: a flag that joins a
# case in hand is taken by the next of these.
TAKEN = ("ACKNOWLEDGED", "SNOOZED", "CLOSE_PROPOSED", "CLOSED")
UNDOABLE = ("ACKNOWLEDGED", "CLOSED")
SHUT, STILL = "shut", "still"
NO_STEP = "none"
ROWS = 5_000
# Twice as long as a check-in may be open at most. What an amendment raises after that
# is an alert of its own, and flags of years ago need not be read.
EARLIER = timedelta(days=14)

_RANK = Case(
    *(When(tier=tier, then=Value(tier_rank(tier))) for tier in Tier),
    default=Value(len(Tier)),
    output_field=IntegerField(),
)


Undone = Sequence[UUID]


def undone(clinic: Clinic, since: datetime) -> Undone:
    """The ids of acts that were undone within the moments that they could be: few."""
    moments = timedelta(seconds=queue_policy().undo_seconds)
    undoing = ReviewEvent.objects.filter(
        episode__clinic=clinic,
        kind=ReviewEvent.Kind.UNDONE,
        at__gte=since,
        episode__events__kind__in=UNDOABLE,
        episode__events__at__lte=F("at"),
        episode__events__at__gte=F("at") - moments,
    )
    return list(undoing.order_by().values_list("episode__events__id", flat=True))


def first_closing(without: Undone) -> QuerySet[ReviewEvent]:
    """The first closing of a flag's case since the flag."""
    closings = ReviewEvent.objects.filter(
        episode=OuterRef("episode"),
        kind=ReviewEvent.Kind.CLOSED,
        at__gte=OuterRef("raised_at"),
    )
    return closings.exclude(id__in=without).order_by("at", "id")


def _since(without: Undone, **which: object) -> Min:
    """When the first such event of a flag's case was, since the flag."""
    events = {f"episode__events__{name}": value for name, value in which.items()}
    stands = ~Q(episode__events__id__in=without)
    after = Q(episode__events__at__gte=F("raised_at"))
    return Min("episode__events__at", filter=Q(**events) & after & stands)


def alerts(
    clinic: Clinic, begins: datetime, ends: datetime, *, without: Undone
) -> QuerySet[Flag]:
    """The flag that each alert of these days stands for, with what became of it.

    All events of the cases are joined once; `without`: those that were undone.
    """
    flags = Flag.objects.annotate(rank=_RANK)
    before = Q(rank__lt=OuterRef("rank"))
    same = Q(rank=OuterRef("rank"))
    before |= same & Q(raised_at__lt=OuterRef("raised_at"))
    before |= same & Q(raised_at=OuterRef("raised_at"), id__lt=OuterRef("id"))
    graver = flags.filter(
        before,
        clinic=clinic,
        raised_at__gte=begins - EARLIER,
        episode=OuterRef("episode"),
        screening=OuterRef("screening"),
    )
    rows = flags.filter(clinic=clinic, raised_at__gte=begins, raised_at__lt=ends)
    told = {
        f"told_{place}": _since((), kind=ReviewEvent.Kind.ESCALATED, code=step.value)
        for place, step in enumerate(LADDER)
    }
    return (
        rows.exclude(Exists(graver))
        .annotate(
            # What was raised before its own due time was kept has its case's.
            due=Coalesce("due_at", "episode__due_at"),
            seen_at=_since(without, kind__in=TAKEN),
            shut_at=_since(without, kind=ReviewEvent.Kind.CLOSED),
            **told,
        )
        .order_by()
    )


class Tally:
    """Alerts added up by tier, by language, and all together."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        # In whole minutes.
        self.seen: dict[str, Counter[int]] = defaultdict(Counter)
        self.shut: dict[str, Counter[int]] = defaultdict(Counter)
        self.languages: set[str] = set()

    def of(self, group: str, what: str) -> int:
        """How many of a group."""
        return self.counts[group, what]

    def add(self, rows: Iterable[tuple[Any, ...]], *, at: datetime) -> None:
        """Count the rows as `FIELDS` has them."""
        for tier, language, raised, due, seen, shut, *told in rows:
            self.languages.add(language)
            stands = standing(due_at=due, seen_at=seen, at=at)
            step = _highest(told, before=seen or at)
            for group in (tier, f"language {language}", ALL):
                self.counts[group, "alerts"] += 1
                self.counts[group, stands] += 1
                self.counts[group, SHUT if shut else STILL] += 1
                self.counts[group, step] += 1
                if seen:
                    self.seen[group][(seen - raised) // MINUTE] += 1
                if shut:
                    self.shut[group][(shut - raised) // MINUTE] += 1


def _highest(told: Sequence[datetime | None], *, before: datetime) -> str:
    """The highest step that was told before somebody took the alert."""
    for step, at in zip(reversed(LADDER), reversed(told), strict=True):
        if at is not None and at <= before:
            return step
    return NO_STEP


FIELDS = (
    *("tier", "screening__language", "raised_at", "due", "seen_at", "shut_at"),
    *(f"told_{place}" for place in range(len(LADDER))),
)


def tally(
    clinic: Clinic, begins: datetime, ends: datetime, *, without: Undone, at: datetime
) -> Tally:
    """Add up the alerts of these days; however many they are, few are held at once."""
    found = Tally()
    rows = alerts(clinic, begins, ends, without=without).values_list(*FIELDS)
    found.add(rows.iterator(chunk_size=ROWS), at=at)
    return found
