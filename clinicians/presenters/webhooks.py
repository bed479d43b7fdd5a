"""How the newest notices by webhook fared, for whoever runs the clinic."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from clinicians.models import Notice
from clinicians.presenters.times import zoned
from core.crypto import CannotRead
from core.models import Clinic

NEWEST = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """One notice: for which step, to which receiver, and what became of it."""

    made: str
    step: str
    receiver: str
    outcome: str
    failed: bool


def newest(clinic: Clinic) -> Sequence[Sent]:
    """The newest first. Which case a notice was about is not said here."""
    rows = Notice.objects.filter(
        episode__clinic=clinic, channel=Notice.Channel.WEBHOOK
    ).order_by("-created_at", "-id")
    return [_sent(row, clinic) for row in rows[:NEWEST]]


def _sent(row: Notice, clinic: Clinic) -> Sent:
    try:
        receiver = urlsplit(row.recipient).hostname or ""
    except CannotRead:
        receiver = "cannot be read"
    return Sent(
        made=zoned(row.created_at, clinic.zone),
        step=row.step,
        receiver=receiver,
        outcome=_outcome(row, clinic),
        failed=bool(row.last_error),
    )


def _outcome(row: Notice, clinic: Clinic) -> str:
    if row.sent_at:
        return f"Accepted {zoned(row.sent_at, clinic.zone)}"
    if row.failed_at:
        return f"Given up. {row.last_error}"
    if row.stopped_at:
        return "Not needed any more"
    if row.next_at and row.last_error:
        return (
            f"Attempt {row.attempts} failed: {row.last_error} "
            f"Tried again {zoned(row.next_at, clinic.zone)}"
        )
    return "On its way"
