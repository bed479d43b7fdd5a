"""Connections and what became of each delivery, in words; no word about a patient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.urls import reverse

from clinicians.presenters.shell import Link
from clinicians.presenters.times import moment, zoned
from core.crypto import CannotRead
from core.models import Clinic, User
from core.permissions import Permission, can
from records.models import Delivery, Destination
from records.workflow import Mover, State, can_move

PAGE = 25
STUCK = (State.REFUSED, State.DEAD)
WAITING = (State.DUE, State.SENT)
TABS: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "stuck": ("To look into", STUCK),
    "waiting": ("Waiting", WAITING),
    "accepted": ("Accepted", (State.ACCEPTED,)),
    "all": ("All", tuple(State)),
}
WORDS = {
    State.DUE: "Waiting",
    State.SENT: "Being sent",
    State.ACCEPTED: "Accepted",
    State.REFUSED: "Refused",
    State.DEAD: "Given up",
    State.REPLACED: "Replaced by a newer version",
    State.STOPPED: "Stopped: the connection ended",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing about a connection."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection in short."""

    name: str
    kind: str
    where: str
    href: str
    stuck: int
    waiting: int
    accepted: int
    trouble: str
    ended: str


@dataclass(frozen=True, slots=True)
class Tab:
    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery: which result by its time and id, and what became of it."""

    id: str
    caused: str
    result: str
    state: str
    outcome: str
    failed: bool
    resend: str


def connections(clinic: Clinic) -> Sequence[Connection]:
    """Those in use first, then those that have ended; two queries."""
    places = list(Destination.objects.filter(clinic=clinic))
    places.sort(key=lambda one: (one.ended_at is not None, one.created_at))
    rows = Delivery.objects.filter(destination__clinic=clinic).order_by()
    counted = rows.values_list("destination_id", "state").annotate(Count("id"))
    counts = {(place, state): count for place, state, count in counted}
    return [_connection(one, counts, clinic.zone) for one in places]


def _connection(
    row: Destination, counts: Mapping[tuple[object, str], int], zone: ZoneInfo
) -> Connection:
    def count(states: Sequence[State]) -> int:
        return sum(counts.get((row.id, state.value), 0) for state in states)

    return Connection(
        name=row.name,
        kind=row.get_kind_display(),
        where=where(row),
        href=reverse("connections:connection", args=[row.id]),
        stuck=count(STUCK),
        waiting=count(WAITING),
        accepted=count((State.ACCEPTED,)),
        trouble=trouble(row, zone),
        ended=f"Ended {moment(row.ended_at, zone)}" if row.ended_at else "",
    )


def where(row: Destination) -> str:
    """The host, never the whole address: its path may be a secret."""
    if row.kind in (Destination.Kind.HL7_FILE, Destination.Kind.CSV_FILE):
        return f"out/{row.id}, in the RECORDS_FOLDER of this installation"
    try:
        address: str = row.address
    except CannotRead:
        return "cannot be read"
    return urlsplit(address).netloc


def trouble(row: Destination, zone: ZoneInfo) -> str:
    """Why everything waits, if it does."""
    if row.ended_at or not row.retry_at:
        return ""
    return f"{row.last_error} The next try is {zoned(row.retry_at, zone)}."


def lines(row: Destination, zone: ZoneInfo) -> Sequence[Line]:
    """What there is to know of one connection."""
    last = moment(row.accepted_at, zone) if row.accepted_at else "never yet"
    everything = row.since_at < row.created_at
    since = "the first one there is" if everything else moment(row.since_at, zone)
    return [
        Line("Kind", row.get_kind_display()),
        Line("Where", where(row)),
        Line("Results since", since),
        Line("Accepted last", last),
        Line("Set up", moment(row.created_at, zone)),
    ]


def tabs(href: str, chosen: str) -> Sequence[Tab]:
    """The ways to look at what was sent from one page."""
    return [
        Tab(text, f"{href}?show={key}", current=key == chosen)
        for key, (text, _) in TABS.items()
    ]


def deliveries(
    row: Destination, *, show: str, number: str
) -> tuple[Page[Delivery], Sequence[Sent]]:
    """One page of what was owed to a place, the newest first."""
    rows = _shown(row, show).select_related("destination__clinic")
    page = Paginator(rows.order_by("-caused_at", "id"), PAGE).get_page(number)
    zone = row.clinic.zone
    return page, [_sent(one, zone) for one in page]


def _shown(row: Destination, show: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(destination=row, state__in=TABS[show][1])


def _sent(row: Delivery, zone: ZoneInfo) -> Sent:
    state = State(row.state)
    may = not row.destination.ended_at and can_move(
        state, State.DUE, Mover.ADMINISTRATOR
    )
    version = "" if row.version == 1 else f", version {row.version}"
    return Sent(
        id=str(row.id),
        caused=moment(row.caused_at, zone),
        result=f"{row.administration_id}{version}",
        state=WORDS[state],
        outcome=_outcome(row, state, zone),
        failed=bool(row.last_error),
        resend=reverse("connections:resend", args=[row.id]) if may else "",
    )


def _outcome(row: Delivery, state: State, zone: ZoneInfo) -> str:
    if state is State.DUE and row.next_at:
        again = f" The next try is {zoned(row.next_at, zone)}."
        return f"{row.last_error} {_tried(row)}{again}" if row.tries else ""
    if state in STUCK:
        return f"{row.last_error} {_tried(row)}"
    if row.settled_at:
        left = [one for one in row.receipt if one.get("status") == "left out"]
        taken = (
            f"{len(row.receipt) - len(left)} parts, " if len(row.receipt) > 1 else ""
        )
        missing = f" The receiver does not take {left[0]['type']}." if left else ""
        return f"{taken}{moment(row.settled_at, zone)}.{missing}"
    return ""


def _tried(row: Delivery) -> str:
    return "Tried once." if row.tries == 1 else f"Tried {row.tries} times."


def any_stuck(row: Destination) -> bool:
    return _shown(row, "stuck").exists()


def menu_of(user: User | None, *, path: str) -> list[Link]:
    """The entry of the menu, for whoever may manage connections."""
    if user is None or not can(user, Permission.MANAGE_CLIENTS):
        return []
    href = reverse("connections:connections")
    ours = (href, reverse("connections:clients"))
    return [Link("Connections", href, current=path.startswith(ours))]


def stuck_deliveries(clinic: Clinic) -> QuerySet[Delivery]:
    """Results that did not get through, until somebody deals with them."""
    return Delivery.objects.filter(
        destination__clinic=clinic,
        destination__ended_at__isnull=True,
        state__in=STUCK,
    )
