"""What no clinic may set, however it is tried, in sentences that say what to do."""

from collections.abc import Set

from clinicians.workflow.settings import Chosen, SettingsPolicy
from screening.domain.due import Clock, DueRule
from screening.domain.hours import Hours
from screening.domain.rules import Tier


class SettingsRefused(ValueError):
    """Settings that no clinic may have, in a sentence that says what to do."""


def check_due(policy: SettingsPolicy, tier: Tier, rule: DueRule) -> None:
    """Refuse a due time beyond what any clinic may set."""
    limit = policy.due[tier]
    if limit.wall_only and rule.clock is not Clock.WALL:
        raise SettingsRefused("What is urgent runs by the wall clock, day and night.")
    if limit.same_day and not rule.same_day:
        raise SettingsRefused("What is urgent is due the same day at the latest.")
    if rule.minutes > limit.most:
        raise SettingsRefused(
            f"This is too late for {tier.lower()} flags: at most "
            f"{spoken(limit.most)}. {limit.source}."
        )


def check_hours(policy: SettingsPolicy, hours: Hours) -> None:
    """Refuse hours so few that work counted in them would wait for months."""
    limit, minutes = policy.limits["staffed_minutes_a_week"], staffed_minutes(hours)
    if minutes and minutes not in limit:
        raise SettingsRefused(
            f"These are {spoken(minutes)} a week, and at least "
            f"{spoken(limit.least)} are needed. {limit.source}."
        )


def check_chosen(policy: SettingsPolicy, chosen: Chosen, changed: Set[str]) -> None:
    """Refuse what no clinic may set, however it is tried; what stays is left alone."""
    if "due_overrides" in changed:
        for tier, rule in chosen.due.tiers.items():
            check_due(policy, tier, rule)
    if "staffed_hours" in changed:
        check_hours(policy, chosen.hours)
    for name in sorted(policy.limits.keys() & changed):
        check_limit(policy, name, chosen.values[name])
    if "ladder" in changed and not any(
        r.get("emails") for r in chosen.values["ladder"]
    ):
        raise SettingsRefused("Give at least one address: somebody must hear.")
    last = chosen.values["invitation_days"]
    if changed & {"reminder_days", "invitation_days"} and any(
        not 1 <= day < last for day in chosen.values["reminder_days"]
    ):
        raise SettingsRefused(
            "A reminder goes out after the invitation and before it ends: on day 1 "
            f"to {last - 1}."
        )


def check_limit(policy: SettingsPolicy, name: str, value: object) -> None:
    """Refuse a number, or a list of so many, beyond the limit of that name."""
    limit = policy.limits[name]
    number = len(value) if isinstance(value, list) else value
    if isinstance(number, int) and number not in limit:
        raise SettingsRefused(
            f"{name.replace('_', ' ').capitalize()}: from {limit.least:,} to "
            f"{limit.most:,}. {limit.source}."
        )


def staffed_minutes(hours: Hours) -> int:
    """Staffed minutes in a week without holidays."""
    return sum(
        minute_of(end) - minute_of(start)
        for windows in hours.weekly.values()
        for start, end in windows
    )


def minute_of(clock: str) -> int:
    """`09:30` as minutes after midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def spoken(minutes: int) -> str:
    """`4 h`, `1 h 30 min`, `45 min`."""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest else [])
    return " ".join(parts) or "0 min"
