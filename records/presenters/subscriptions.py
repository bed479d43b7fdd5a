"""Who is told what, as an administrator sees it; no word about a patient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, QuerySet
from django.urls import reverse

from clinicians.presenters.shell import Banner
from clinicians.presenters.times import moment, zoned
from core.crypto import CannotRead
from core.models import Clinic, User
from core.permissions import Permission, can
from records.models import ApiClient, Notification, Subscription
from records.presenters.connections import (
    PAGE,
    STUCK,
    TABS,
    WAITING,
    WORDS,
    Line,
    stuck_deliveries,
)
from records.presenters.subscribed import topic_of
from records.workflow import Mover, State, can_move
from records.workflow.topics import Status

# In the same places as those of a connection, in other words where they differ.
STATES = {**WORDS, State.STOPPED: "Not told"}
EVENT = Notification.Kind.EVENT
TROUBLE = (
    "Results for another system were refused or given up.",
    "A connected program cannot be told of results or reviews as it asked.",
)


@dataclass(frozen=True, slots=True)
class Listening:
    """One subscription in short."""

    program: str
    topic: str
    where: str
    href: str
    stuck: int
    waiting: int
    told: str
    state: str
    trouble: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One event: its number and id, and what became of it."""

    number: int
    caused: str
    about: str
    state: str
    outcome: str
    resend: str


def subscriptions(
    clinic: Clinic, client: ApiClient | None = None
) -> Sequence[Listening]:
    """Those there are, the oldest first; two queries."""
    rows = Subscription.objects.filter(clinic=clinic, deleted_at__isnull=True)
    rows = rows.filter(client=client) if client else rows
    found = list(rows.select_related("client", "clinic"))
    events = Notification.objects.filter(subscription__in=found, kind=EVENT).order_by()
    counted = events.values_list("subscription_id", "state").annotate(Count("id"))
    counts = {(one, state): count for one, state, count in counted}
    return [_listening(row, counts, clinic.zone) for row in found]


def _listening(
    row: Subscription, counts: Mapping[tuple[object, str], int], zone: ZoneInfo
) -> Listening:
    def count(states: Sequence[State]) -> int:
        return sum(counts.get((row.id, state.value), 0) for state in states)

    return Listening(
        program=row.client.name,
        topic=topic_of(row).title,
        where=where(row),
        href=reverse("connections:subscription", args=[row.id]),
        stuck=count(STUCK),
        waiting=count(WAITING),
        told=moment(row.accepted_at, zone) if row.accepted_at else "never yet",
        state=state_of(row, zone),
        trouble=row.status == Status.ERROR,
    )


def where(row: Subscription) -> str:
    """The host, never the whole address: its path may be a secret."""
    try:
        address: str = row.endpoint
    except CannotRead:
        return "cannot be read"
    return urlsplit(address).netloc


def state_of(row: Subscription, zone: ZoneInfo) -> str:
    """How it stands, and why it waits if it does."""
    if row.barred_at:
        return f"Switched off by the clinic {moment(row.barred_at, zone)}"
    if row.status == Status.OFF:
        return "Off: the program ended it"
    if row.status == Status.REQUESTED:
        waits = f" {row.last_error}" if row.last_error else ""
        return f"Waits for the receiver to answer the first greeting.{waits}"
    if row.status == Status.ERROR:
        return f"In error. {row.last_error}{_again(row, zone)}"
    return f"In use.{_again(row, zone)}"


def _again(row: Subscription, zone: ZoneInfo) -> str:
    if not row.retry_at or not row.activated_at:
        return ""
    return f" The next try is {zoned(row.retry_at, zone)}."


def lines(row: Subscription, zone: ZoneInfo) -> Sequence[Line]:
    """What there is to know of one."""
    content = Subscription.Content(row.content).label
    if row.patient_id:
        content += "; of one patient only"
    ends = [Line("Until", zoned(row.ends_at, zone))] if row.ends_at else []
    last = zoned(row.accepted_at, zone) if row.accepted_at else "never yet"
    return [
        Line("Program", row.client.name),
        Line("What is told", content),
        Line("Where", where(row)),
        Line("State", state_of(row, zone)),
        Line("Told last", last),
        Line("Events so far", str(row.events)),
        Line("Asked for", moment(row.created_at, zone)),
        *ends,
    ]


def events(
    row: Subscription, *, show: str, number: str
) -> tuple[Page[Notification], Sequence[Told]]:
    """One page of what happened, the newest first."""
    page = Paginator(_shown(row, show).order_by("-number"), PAGE).get_page(number)
    zone = row.clinic.zone
    return page, [_told(one, row, zone) for one in page]


def _shown(row: Subscription, show: str) -> QuerySet[Notification]:
    rows = Notification.objects.filter(subscription=row, kind=EVENT)
    return rows.filter(state__in=TABS[show][1])


def _told(one: Notification, row: Subscription, zone: ZoneInfo) -> Told:
    state = State(one.state)
    may = row.status != Status.OFF and can_move(state, State.DUE, Mover.ADMINISTRATOR)
    return Told(
        number=one.number,
        caused=moment(one.caused_at, zone),
        about=f"{one.resource} {one.focus}",
        state=STATES[state],
        outcome=_outcome(one, state, zone),
        resend=reverse("connections:tell-again", args=[one.id]) if may else "",
    )


def _outcome(one: Notification, state: State, zone: ZoneInfo) -> str:
    tried = "Tried once." if one.tries == 1 else f"Tried {one.tries} times."
    if state is State.ACCEPTED and one.settled_at:
        return f"{moment(one.settled_at, zone)}."
    if not one.last_error:
        return ""
    return one.last_error if state is State.STOPPED else f"{one.last_error} {tried}"


def any_stuck(row: Subscription) -> bool:
    return _shown(row, "stuck").exists()


def trouble_banners(user: User | None) -> list[Banner]:
    """Says on every page of an administrator that results did not get through, or that
    a program cannot be told: one query."""
    clinic = user.clinic if user else None
    if user is None or clinic is None or not can(user, Permission.MANAGE_CLIENTS):
        return []
    failing = Subscription.objects.filter(
        clinic=clinic, deleted_at__isnull=True, status=Status.ERROR
    )
    there = Clinic.objects.filter(pk=clinic.pk).values_list(
        Exists(stuck_deliveries(clinic)), Exists(failing)
    )
    href = reverse("connections:connections")
    return [
        Banner("high", text, href, "See which")
        for found in there
        for text, holds in zip(TROUBLE, found, strict=True)
        if holds
    ]
