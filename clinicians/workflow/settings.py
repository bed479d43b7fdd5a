"""What a clinic may set: its limits, and which changes loosen something and how."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from screening.domain.due import Clock, DuePolicy, DueRule
from screening.domain.hours import Hours
from screening.domain.rules import Tier


class When(StrEnum):
    """In which direction a setting has to move for a danger to be there."""

    ON = "on"
    OFF = "off"
    MORE = "more"
    LESS = "less"
    CHANGED = "changed"
    BECOMES = "becomes"
    EMPTIED = "emptied"
    FIRST_GIVEN = "first-given"
    ADDED = "added"
    TAKEN_AWAY = "taken-away"
    LATER = "later"
    LESS_STAFFED = "less-staffed"
    STEP_EMPTIED = "step-emptied"
    PEOPLE_LEFT_OUT = "people-left-out"
    SAFETY_LEFT_OUT = "safety-left-out"


class Level(StrEnum):
    """Ticked with a reason before it is saved, or said when it is."""

    TICK = "tick"
    TOLD = "told"


class Count(StrEnum):
    """What is open now and may be touched by a change."""

    OPEN = "open"
    OPEN_URGENT = "open-urgent"
    OPEN_HIGH = "open-high"
    OPEN_ROUTINE = "open-routine"
    OPEN_CONCERN = "open-concern"
    TO_CONFIRM = "to-confirm"
    UNCLAIMED_URGENT = "unclaimed-urgent"
    BEGUN = "begun"
    INVITED = "invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """From the least to the most, both allowed."""

    least: int
    most: int
    source: str

    def __contains__(self, value: int) -> bool:
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLimit:
    """How late a tier may be due at any clinic."""

    most: int
    wall_only: bool
    same_day: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change does to work that is open now, said with its number."""

    count: Count
    none: str
    one: str
    many: str

    def said(self, number: int) -> str:
        """The sentence for so many."""
        if not number:
            return self.none
        return self.one if number == 1 else self.many.replace("{n}", str(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """A change of one setting that somebody has to know about first."""

    id: str
    setting: str
    when: When
    of: str | None
    level: Level
    title: str
    text: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPolicy:
    """The settings' data file, read."""

    version: str
    limits: Mapping[str, Limit]
    due: Mapping[Tier, DueLimit]
    dangers: tuple[Danger, ...]
    history_page: int
    review_state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How a clinic is set: each setting as it is stored, and what follows from them.

    `asks_safety`: one of the questionnaires asks about thoughts of death.
    """

    values: Mapping[str, Any]
    due: DuePolicy
    hours: Hours
    asks_safety: bool


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
