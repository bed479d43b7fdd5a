"""The frame of every page for staff: menu, unowned urgent cases, banners."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from clinicians.models import Notice
from clinicians.presenters.emergencies import (
    OpenRecord,
    count_to_look_into,
    open_record_of,
)
from clinicians.workflow import TOP, Status
from core.models import SystemHeartbeat, User
from core.permissions import Permission, can
from screening.domain.rules import Tier
from screening.models import Episode

SILENCE = timedelta(seconds=60)
_MENU = (
    ("Queue", "clinicians:queue", Permission.SEE_QUEUE),
    ("Patients", "clinicians:patients", Permission.SEE_PATIENTS),
    ("Time away", "clinicians:absences", Permission.REVIEW),
    ("Wordings", "clinicians:wordings", Permission.SIGN_WORDINGS),
    ("Emergencies", "clinicians:emergencies", Permission.REVIEW_EMERGENCIES),
    ("Audit", "clinicians:audit", Permission.READ_AUDIT),
    ("Team", "clinicians:team", Permission.MANAGE_STAFF),
    ("Figures", "clinicians:figures", Permission.SEE_FIGURES),
    ("Settings", "clinicians:settings", Permission.MANAGE_CLINIC),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the menu."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that stays on every page until it is dealt with."""

    kind: str
    text: str
    href: str = ""
    link: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """What the page shell lays around every page for staff."""

    nav: Sequence[Link]
    unowned_urgent: int = 0
    unowned_href: str = ""
    to_confirm: int = 0
    banners: Sequence[Banner] = field(default_factory=tuple)
    reviews_to_do: int = 0
    open_emergency: OpenRecord | None = None


def staff_shell(user: User, *, path: str, at: datetime) -> Shell:
    """Read the frame: two queries for whoever may see the queue, and one more for who
    looks into emergencies, or may open a record in one."""
    nav = [
        Link(text, reverse(name), current=_leads_to(reverse(name), path))
        for text, name, permission in _MENU
        if can(user, permission)
    ]
    to_do = count_to_look_into(user, at=at)
    record = open_record_of(user, at=at)
    if not can(user, Permission.SEE_QUEUE):
        return Shell(nav=nav, reviews_to_do=to_do, open_emergency=record)
    counts = _counts(user)
    href = f"{reverse('clinicians:queue')}?owner=unowned"
    runs = can(user, Permission.MANAGE_CLINIC)
    return Shell(
        nav=nav,
        unowned_urgent=counts["urgent"],
        unowned_href=href,
        to_confirm=counts["to_confirm"] if can(user, Permission.REVIEW) else 0,
        banners=[
            *_unanswered(counts["unanswered"], href),
            *_untold(counts["untold"], href),
            *_unreached(counts["unreached"] if runs else 0),
            *_silent(at),
        ],
        reviews_to_do=to_do,
        open_emergency=record,
    )


def _counts(user: User) -> dict[str, int]:
    """What waits in the queue, and for whom; one query."""
    cases = Episode.objects.filter(clinic_id=str(user.clinic_id))
    # In the words of the partial index.
    cases = cases.exclude(status=Status.CLOSED)
    nobodys = Q(status=Status.OPEN)
    return cases.aggregate(
        urgent=Count("id", filter=nobodys & Q(tier=Tier.URGENT)),
        unanswered=Count("id", filter=nobodys & Q(ladder_step__gte=TOP)),
        untold=Count("id", filter=nobodys & Q(Exists(_not_delivered()))),
        unreached=Count("id", filter=Q(Exists(_tried_again()))),
        to_confirm=Count(
            "id", filter=Q(status=Status.TO_CONFIRM) & ~Q(closing_by=user)
        ),
    )


def first_page(user: User) -> str | None:
    """The address of the first entry in the user's menu; None without a clinic."""
    pages = (reverse(name) for _, name, permission in _MENU if can(user, permission))
    return next(pages, None)


def _leads_to(href: str, path: str) -> bool:
    """The queue's own address begins every other one; a case belongs to the queue."""
    queue = reverse("clinicians:queue")
    if href == queue:
        return path == queue or path.startswith(f"{queue}cases/")
    return path.startswith(href)


def _unanswered(count: int, href: str) -> list[Banner]:
    if not count:
        return []
    cases = "1 case has" if count == 1 else f"{count} cases have"
    text = f"{cases} gone up the whole ladder. Nobody has claimed it."
    if count > 1:
        text = f"{cases} gone up the whole ladder. Nobody has claimed them."
    return [Banner("urgent", text, href, "See the queue")]


def _not_delivered() -> QuerySet[Notice]:
    """What was given up in the round of the ladder that a case is in now."""
    now = Notice.objects.filter(episode=OuterRef("id"), round=OuterRef("ladder_round"))
    return now.filter(failed_at__isnull=False)


def _untold(count: int, href: str) -> list[Banner]:
    if not count:
        return []
    text = "A notice about 1 case could not be delivered."
    if count > 1:
        text = f"Notices about {count} cases could not be delivered."
    whom = "Have the addresses in Settings checked."
    return [Banner("urgent", f"{text} {whom}", href, "See the queue")]


def _tried_again() -> QuerySet[Notice]:
    """What a receiver has not taken yet."""
    hooks = Notice.objects.filter(episode=OuterRef("id"))
    hooks = hooks.filter(channel=Notice.Channel.WEBHOOK, next_at__isnull=False)
    return hooks.exclude(last_error="")


def _unreached(count: int) -> list[Banner]:
    """For whoever can mend it; the mails of the same step went out beside it."""
    if not count:
        return []
    text = "Notices by webhook do not get through. They are tried again."
    return [Banner("high", text, reverse("clinicians:webhooks"), "See why")]


def _silent(at: datetime) -> list[Banner]:
    """The safety loop is late: nobody is told of anything until it runs again."""
    if not settings.DEAD_MAN:
        return []
    beat = SystemHeartbeat.objects.filter(name="watch").first()
    # A beat from far ahead says as little: by that clock it would never grow old.
    if beat is not None and abs(at - beat.at) <= SILENCE:
        return []
    return [
        Banner(
            "urgent",
            "Notices are not being sent: the safety loop has stopped. "
            "Watch this queue yourself and tell whoever runs this system.",
        )
    ]
