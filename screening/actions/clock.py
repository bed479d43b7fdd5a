"""A clinic's hours and due times, read from its settings for the pure rules."""

from datetime import datetime

from core.models import Clinic
from screening import definitions
from screening.domain import due
from screening.domain.hours import Hours, HoursRefused, build_hours
from screening.domain.rules import Tier


def hours_of(clinic: Clinic) -> Hours:
    """Return when the clinic is staffed; hours that cannot be read are as if there were
    none, so that a flag is raised all the same and is due by the wall clock."""
    try:
        return build_hours(clinic.time_zone, clinic.staffed_hours, clinic.holidays)
    except HoursRefused:
        return build_hours(clinic.time_zone, {}, [])


def policy_of(clinic: Clinic) -> due.DuePolicy:
    """Return the shipped due policy with the clinic's own choices laid over it."""
    return due.override(
        definitions.due_policy(), clinic.due_overrides, file="clinic settings"
    )


def due_at(clinic: Clinic, tier: Tier, *, at: datetime) -> datetime:
    """Return when a flag of `tier`, raised now, must have been seen."""
    return due.due_at(policy_of(clinic), hours_of(clinic), tier, at)


def promise(clinic: Clinic, tier: Tier, *, at: datetime) -> due.Promise:
    """Return what a patient may be told about who looks, and by when."""
    on_call = any(s.get("step") == "on-call" and s.get("emails") for s in clinic.ladder)
    return due.promise(policy_of(clinic), hours_of(clinic), tier, at, on_call=on_call)
