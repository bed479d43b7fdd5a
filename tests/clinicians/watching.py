"""What the tests of the safety loop share: a still clock, and who was told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core import mail as outbox

STEP = timedelta(minutes=30)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def told() -> list[str]:
    return [address for message in outbox.outbox for address in message.to]
