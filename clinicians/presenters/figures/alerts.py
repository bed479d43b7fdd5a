"""Alerts and what became of them: read in one query, added up as they come.

An alert is all that one screening put before the team on one case. It stands for its
gravest flag: its time runs from when the first flag of that tier was raised.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
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
SHUT, STILL = "shut", "still"
NO_STEP = "none"
ROWS = 5_000

_RANK = Case(
    *(When(tier=tier, then=Value(tier_rank(tier))) for tier in Tier),
    default=Value(len(Tier)),
    output_field=IntegerField(),
)
_RUNG = Case(
    *(When(code=step, then=Value(place)) for place, step in enumerate(LADDER)),
    default=Value(-1),
    output_field=IntegerField(),
)


def stood(events: QuerySet[ReviewEvent]) -> QuerySet[ReviewEvent]:
    """Only what was not undone within the moments that it could be."""
    moments = timedelta(seconds=queue_policy().undo_seconds)
    undone = ReviewEvent.objects.filter(
        episode=OuterRef("episode"),
        kind=ReviewEvent.Kind.UNDONE,
        at__gte=OuterRef("at"),
        at__lte=OuterRef("at") + moments,
    )
    return events.exclude(Exists(undone))


def first_after(*kinds: str) -> QuerySet[ReviewEvent]:
    """The first of these events of a flag's case since the flag."""
    events = ReviewEvent.objects.filter(
        episode=OuterRef("episode"), kind__in=kinds, at__gte=OuterRef("raised_at")
    )
    return stood(events).order_by("at", "id")


def alerts(
    clinic: Clinic, begins: datetime, ends: datetime, *, at: datetime
) -> QuerySet[Flag]:
    """The flag that each alert of these days stands for, with what became of it."""
    flags = Flag.objects.annotate(rank=_RANK)
    before = Q(rank__lt=OuterRef("rank"))
    same = Q(rank=OuterRef("rank"))
    before |= same & Q(raised_at__lt=OuterRef("raised_at"))
    before |= same & Q(raised_at=OuterRef("raised_at"), id__lt=OuterRef("id"))
    graver = flags.filter(
        before, episode=OuterRef("episode"), screening=OuterRef("screening")
    )
    told = ReviewEvent.objects.filter(
        episode=OuterRef("episode"),
        kind=ReviewEvent.Kind.ESCALATED,
        at__gte=OuterRef("raised_at"),
        at__lte=Coalesce(OuterRef("seen_at"), Value(at)),
    )
    rung = told.annotate(rung=_RUNG).order_by("-rung").values("rung")[:1]
    rows = flags.filter(clinic=clinic, raised_at__gte=begins, raised_at__lt=ends)
    return (
        rows.exclude(Exists(graver))
        .annotate(
            # What was raised before its own due time was kept has its case's.
            due=Coalesce("due_at", "episode__due_at"),
            seen_at=Subquery(first_after(*TAKEN).values("at")[:1]),
            shut_at=Subquery(first_after("CLOSED").values("at")[:1]),
        )
        .annotate(rung=Subquery(rung))
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
        for tier, language, raised, due, seen, shut, rung in rows:
            self.languages.add(language)
            step = NO_STEP if rung is None or rung < 0 else LADDER[rung]
            for group in (tier, f"language {language}", ALL):
                self.counts[group, "alerts"] += 1
                self.counts[group, standing(due_at=due, seen_at=seen, at=at)] += 1
                self.counts[group, SHUT if shut else STILL] += 1
                self.counts[group, step] += 1
                if seen:
                    self.seen[group][(seen - raised) // MINUTE] += 1
                if shut:
                    self.shut[group][(shut - raised) // MINUTE] += 1


FIELDS = (
    *("tier", "screening__language", "raised_at", "due"),
    *("seen_at", "shut_at", "rung"),
)


def tally(clinic: Clinic, begins: datetime, ends: datetime, *, at: datetime) -> Tally:
    """Add up the alerts of these days; however many they are, few are held at once."""
    found = Tally()
    rows = alerts(clinic, begins, ends, at=at).values_list(*FIELDS)
    found.add(rows.iterator(chunk_size=ROWS), at=at)
    return found
