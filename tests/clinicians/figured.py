"""Cases of which the figures can be worked out by hand."""

from datetime import datetime, timedelta

from clinicians.models import ReviewEvent
from core.models import User
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast, make_episode, make_flag, make_patient, make_screening

MINUTE = timedelta(minutes=1)


def event(episode: Episode, kind: str, *, at: datetime, by: User | None = None, **more):
    return ReviewEvent.objects.create(episode=episode, kind=kind, at=at, by=by, **more)


def alert(
    cast: Cast,
    *,
    tier: Tier = Tier.URGENT,
    at: datetime = NOW - timedelta(days=1),
    due: int = 240,
    seen: int | None = None,
    shut: int | None = None,
    end: str = "follow-up",
    language: str = "en",
    rule: str = "item-9",
    seconds: int | None = 90,
) -> Episode:
    """One flag of one screening; `seen`, `shut`: minutes until Alice took and closed."""
    patient = make_patient(cast.clinic)
    closed = {"status": "CLOSED", "closed_at": at, "disposition": end}
    taken = {"status": "IN_PROGRESS", "owner": cast.alice}
    state = closed if shut is not None else taken if seen is not None else {}
    episode = make_episode(
        patient, tier=tier, opened_at=at, due_at=at + due * MINUTE, **state
    )
    sitting = make_screening(patient, at=at, language=language)
    make_flag(episode, sitting, raised_at=at, due_at=episode.due_at, rule=rule)
    if seen is not None:
        event(episode, "ACKNOWLEDGED", at=at + seen * MINUTE, by=cast.alice)
    if shut is not None:
        event(
            episode,
            "CLOSED",
            at=at + shut * MINUTE,
            by=cast.alice,
            code=end,
            seconds=seconds,
        )
    return episode
