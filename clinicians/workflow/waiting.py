"""How long a flag may wait at the most, for whoever is about to change that."""

from datetime import datetime, timedelta

from clinicians.workflow.settings import Chosen
from screening.domain.due import due_at
from screening.domain.rules import Tier

WEEK = 7 * 24


def longest_wait(chosen: Chosen, tier: Tier, start: datetime) -> timedelta:
    """The longest time until due, of flags raised at every hour of the week to come."""
    moments = (start + timedelta(hours=hour) for hour in range(WEEK))
    return max(due_at(chosen.due, chosen.hours, tier, at) - at for at in moments)
