"""The figures' other numbers, each read in one query that the database adds up."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Max,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)

from clinicians.definitions import figures_policy
from clinicians.models import Absence, ReviewEvent
from clinicians.presenters.figures.alerts import ALL, Undone, first_closing
from clinicians.workflow import Status
from clinicians.workflow.figures import Clinician
from core.models import Clinic, Role, User
from core.permissions import ROLES, Permission
from screening.models import Episode, Flag, Screening

ROWS = 5_000
Window = tuple[datetime, datetime]


def open_now(clinic: Clinic, *, at: datetime) -> Counter[tuple[str, str]]:
    """Open cases by tier and age, how many of them are overdue or nobody's."""
    wanted = {
        "open": Q(),
        "overdue": Q(due_at__lte=at),
        "ahead": Q(due_at__gt=at),
        "unowned": Q(status=Status.OPEN),
        "owned": ~Q(status=Status.OPEN),
    }
    newer = Q()
    for place, hours in enumerate(figures_policy().age_hours):
        older = at - timedelta(hours=hours)
        wanted[f"age_{place}"] = newer & Q(opened_at__gt=older)
        newer = Q(opened_at__lte=older)
    wanted["age_over"] = newer
    counts = {name: Count("id", filter=which) for name, which in wanted.items()}
    rows = Episode.objects.filter(clinic=clinic).exclude(status=Status.CLOSED)
    found: Counter[tuple[str, str]] = Counter()
    columns = ("tier", *wanted)
    by_tier = rows.values("tier").annotate(**counts).order_by()
    for tier, *numbers in by_tier.values_list(*columns):
        for group in (tier, ALL):
            for name, number in zip(wanted, numbers, strict=True):
                found[group, name] += number
    return found


ACTS = ("ACKNOWLEDGED", "CLOSE_PROPOSED", "CLOSED", "SNOOZED", "HANDED_OVER")


def by_person(
    clinic: Clinic, window: Window, *, without: Undone
) -> dict[Any, dict[str, int]]:
    """What each person did on cases in these days, and how many cases they have now."""
    events = ReviewEvent.objects.filter(
        by__clinic=clinic, kind__in=ACTS, at__gte=window[0], at__lt=window[1]
    )
    counts = {kind: Count("id", filter=Q(kind=kind)) for kind in ACTS}
    acts = events.exclude(id__in=without).values("by").annotate(**counts).order_by()
    found: dict[Any, dict[str, int]] = {
        person: {**dict(zip(ACTS, numbers, strict=True)), "now": 0}
        for person, *numbers in acts.values_list("by", *ACTS)
    }
    # A case that went back to the team is nobody's, whoever had it before.
    cases = Episode.objects.filter(clinic=clinic, owner__isnull=False)
    owned = cases.exclude(status__in=[Status.CLOSED, Status.OPEN]).values("owner")
    for person, now in (
        owned.annotate(n=Count("id")).order_by().values_list("owner", "n")
    ):
        found.setdefault(person, {})["now"] = now
    return found


def seconds_by_case(clinic: Clinic, window: Window) -> dict[str, Counter[int | None]]:
    """By tier: cases closed in these days by the seconds that were measured on them."""
    cases = Episode.objects.filter(
        clinic=clinic,
        status=Status.CLOSED,
        closed_at__gte=window[0],
        closed_at__lt=window[1],
    )
    cases = cases.annotate(spent=Sum("events__seconds")).order_by()
    found: dict[str, Counter[int | None]] = defaultdict(Counter)
    for tier, spent_on in cases.values_list("tier", "spent").iterator(chunk_size=ROWS):
        for group in (tier, ALL):
            found[group][spent_on] += 1
    return found


class Ended(NamedTuple):
    """Flags of a rule whose cases ended alike; `end` None: they are still open."""

    rule: str
    version: str
    end: str | None
    title: str
    n: int


def flags_by_end(clinic: Clinic, window: Window, *, without: Undone) -> list[Ended]:
    """Flags of these days by rule, version, and how their case ended."""
    flags = Flag.objects.filter(
        clinic=clinic, raised_at__gte=window[0], raised_at__lt=window[1]
    )
    ended = flags.annotate(end=Subquery(first_closing(without).values("code")[:1]))
    rows = ended.values("rule", "rule_version", "end").order_by()
    rows = rows.annotate(n=Count("id"), last_title=Max("title"))
    names = ("rule", "rule_version", "end", "last_title", "n")
    return [Ended(*row) for row in rows.values_list(*names)]


def check_ins(clinic: Clinic, window: Window) -> Counter[tuple[str, str]]:
    """Screenings begun in these days by language and how far they came."""
    over = Q(status__in=[Screening.Status.WITHDRAWN, Screening.Status.EXPIRED])
    begun = Q(started_at__isnull=False)
    finished = Q(status=Screening.Status.COMPLETED)
    state = Case(
        When(Q(origin=Screening.Origin.STAFF) & finished, then=Value("entered")),
        When(~Q(origin=Screening.Origin.INVITATION), then=Value("other")),
        When(finished, then=Value("finished")),
        When(begun & over, then=Value("unfinished")),
        When(begun, then=Value("answering")),
        When(over, then=Value("missed")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    sittings = Screening.objects.filter(
        clinic=clinic,
        created_at__gte=window[0],
        created_at__lt=window[1],
        # What was entered in error was nobody's check-in.
        retracted_at=None,
    )
    rows = sittings.annotate(state=state).values("language", "state").order_by()
    counted = rows.annotate(n=Count("id")).values_list("language", "state", "n")
    found: Counter[tuple[str, str]] = Counter()
    for language, name, count in counted:
        for group in (language, ALL):
            found[group, name] += count
    return found


def clinicians(clinic: Clinic) -> list[Clinician]:
    """Who may take cases now, since when, and when they were away."""
    away: dict[Any, list[Window]] = defaultdict(list)
    for absence in Absence.objects.filter(clinic=clinic):
        ends = absence.cancelled_at or absence.ends_at
        away[absence.user_id].append((absence.starts_at, min(ends, absence.ends_at)))
    roles = [role for role in Role if Permission.REVIEW in ROLES[role]]
    staff = User.objects.filter(clinic=clinic, is_active=True, role__in=roles)
    return [
        Clinician(
            since=person.created_at.astimezone(clinic.zone).date(),
            away=tuple(away[person.id]),
        )
        for person in staff
    ]
