"""What the tests of the safety loop share: a still clock, and who was told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core import mail as outbox

from core.audit import Actor
from screening.actions.flagging import raise_flags
from screening.domain.flags import Evidence, RaisedFlag
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import make_screening

STEP = timedelta(minutes=30)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def told() -> list[str]:
    return [address for message in outbox.outbox for address in message.to]


def join_flag(episode: Episode, tier: Tier, *, at: datetime) -> None:
    """Let another screening of this patient raise a flag."""
    screening = make_screening(episode.patient)
    flag = RaisedFlag(
        rule="test",
        version="1",
        tier=tier,
        title="A test",
        evidence=Evidence(detail=""),
        key="test",
    )
    raise_flags(screening, [flag], by=Actor.system("test"), at=at)
    screening.save()
