"""What the queue's address asks for, and the same in words to take away again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinicians.definitions import queue_policy
from clinicians.presenters.people import LANGUAGES
from clinicians.workflow import Status
from core.models import Clinic, User
from screening.definitions import flag_rules
from screening.domain.rules import Tier
from screening.models import Episode, Flag

STATUSES: Mapping[str, str] = {
    Status.OPEN: "Open",
    Status.ACKNOWLEDGED: "Acknowledged",
    Status.IN_PROGRESS: "In progress",
    Status.TO_CONFIRM: "Closing, to be confirmed",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, its label, and what it may be."""

    name: str
    label: str
    options: Mapping[str, str]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A filter that holds, and the address of the queue without it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters that hold, and a sentence for each that was not understood."""

    choices: Sequence[Choice]
    problems: Sequence[str]

    def value_of(self, name: str) -> str:
        """What a filter was set to; empty if it does not hold."""
        return next(c.value for c in self.choices if c.name == name)

    @property
    def closed(self) -> bool:
        return self.value_of("list") == "closed"

    def tags(self) -> Iterator[Tag]:
        """Everything that narrows the queue down, each removable."""
        for choice in self.choices:
            if choice.value:
                text = f"{choice.label}: {choice.options[choice.value]}"
                yield Tag(text, f"?{self.query(without=choice.name)}")

    def query(self, *, without: str = "", **more: str) -> str:
        """The address of the same queue, less one filter or with more."""
        given = {c.name: c.value for c in self.choices if c.value}
        given.pop(without, None)
        return urlencode({**given, **more})


def read_wanted(
    given: Mapping[str, str], clinic: Clinic, user: User, *, reads: bool
) -> Wanted:
    """Read the address: what is not understood is said, and the rest holds.

    `reads`: only who may read cases may ask which of them a rule flagged.
    """
    choices, problems = [], []
    for choice in _choices(clinic, user, reads=reads):
        value = given.get(choice.name, "").strip()
        if value and value not in choice.options:
            problems.append(
                f"“{_legible(value)}” is not known under “{choice.label}”. "
                "That filter was left out; the others hold."
            )
            value = ""
        choices.append(Choice(choice.name, choice.label, choice.options, value))
    return Wanted(choices, problems)


def _legible(value: str) -> str:
    return "".join(char for char in value[:40] if char.isprintable())


def _choices(clinic: Clinic, user: User, *, reads: bool) -> Iterator[Choice]:
    yield Choice("tier", "Tier", {tier: tier.capitalize() for tier in Tier})
    yield Choice("status", "Status", STATUSES)
    staff = User.objects.filter(clinic=clinic).exclude(id=user.id).order_by("name")
    people = {str(person.id): str(person) for person in staff}
    owners = {"unowned": "Nobody", **people}
    yield Choice("owner", "Owner", {"mine": "Me", **owners} if reads else owners)
    yield Choice("overdue", "Due", {"1": "Overdue"})
    yield Choice("language", "Language", LANGUAGES)
    if reads:
        yield Choice("rule", "Rule", {r.id: r.title for r in flag_rules()})
        yield Choice("confirm", "Second person", {"1": "Waits for my confirmation"})
    days = queue_policy().closed_days
    yield Choice("list", "List", {"closed": f"Closed in the last {days} days"})


def narrowed(
    clinic: Clinic, user: User, wanted: Wanted, *, at: datetime
) -> QuerySet[Episode]:
    """The clinic's cases that the filters leave, in no order yet."""
    rows = Episode.objects.filter(clinic=clinic)
    if wanted.closed:
        since = at - timedelta(days=queue_policy().closed_days)
        rows = rows.filter(status=Status.CLOSED, closed_at__gte=since)
    else:
        rows = rows.exclude(status=Status.CLOSED)
    values = {choice.name: choice.value for choice in wanted.choices}
    for name, condition in _conditions(values, user, at=at):
        if values.get(name):
            rows = rows.filter(condition)
    return rows


def _conditions(
    values: Mapping[str, str], user: User, *, at: datetime
) -> Iterator[tuple[str, Q]]:
    yield "tier", Q(tier=values["tier"])
    yield "status", Q(status=values["status"])
    yield "owner", _owned(values["owner"], user)
    yield "overdue", Q(due_at__lte=at)
    yield "language", Q(patient__language=values["language"])
    rule = Flag.objects.filter(episode=OuterRef("id"), rule=values.get("rule", ""))
    yield "rule", Q(Exists(rule))
    yield "confirm", Q(status=Status.TO_CONFIRM) & ~Q(closing_by=user)


def _owned(value: str, user: User) -> Q:
    if value == "unowned":
        return Q(status=Status.OPEN)
    # A case that went back to the team is nobody's, whoever had it before.
    owner = user.id if value == "mine" else value or None
    return Q(owner=owner) & ~Q(status=Status.OPEN)
