"""What an entry has raised already, and where its case is now."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from core.models import User
from screening.domain.rules import Tier
from screening.models import Episode, Flag, Screening


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the entry has raised already, with the case where it is worked on."""

    title: str
    text: str
    href: str


def alarms(screening: Screening, user: User, *, at: datetime) -> list[Alarm]:
    """What a person has to see to now, each thing once."""
    rows = Flag.objects.filter(screening=screening, tier__in=[Tier.URGENT, Tier.HIGH])
    rows = rows.select_related("episode").order_by("raised_at", "id")
    found = {row.title: row.episode for row in rows}
    return [
        Alarm(
            title,
            _where(case, user, at=at),
            reverse("clinicians:case", args=[case.id]),
        )
        for title, case in found.items()
    ]


def _where(case: Episode, user: User, *, at: datetime) -> str:
    """Where the case is: a new flag takes it from its owner, who may be entering it."""
    if case.owner_id == user.id:
        if case.status == Episode.Status.OPEN:
            return "The case is back in the queue; claim it again."
        # The loop that tells people takes it there within seconds.
        if case.next_notice_at is not None and case.next_notice_at <= at:
            return "Your case goes back to the queue for this; claim it again there."
    return "This patient is in the queue now."
