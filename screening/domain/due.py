"""By when a person must have looked, and what a patient may be told about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from screening.domain.hours import Hours, HoursRefused, build_hours, wall, windows_from
from screening.domain.reading import Reader, read_review
from screening.domain.rules import Tier

__all__ = [
    "Clock",
    "DuePolicy",
    "DueRule",
    "Hours",
    "HoursRefused",
    "Promise",
    "build_hours",
    "build_policy",
    "due_at",
    "next_open",
    "override",
    "promise",
    "staffed",
]


class Clock(StrEnum):
    """Whether minutes run always, or only while the clinic is staffed."""

    WALL = "wall"
    STAFFED = "staffed"


# How far ahead opening hours are searched before the wall clock takes over.
HORIZON_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """So many minutes, by the wall clock or in staffed time; perhaps not past today."""

    minutes: int
    clock: Clock
    same_day: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePolicy:
    """A due rule for every tier."""

    version: str
    tiers: Mapping[Tier, DueRule]
    review_state: str
    reviewed_by: str | None
    reviewed_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What may be said to a patient; `by` is None where nothing can be promised."""

    staffed_now: bool
    by: datetime | None


def build_policy(data: object, *, file: str) -> DuePolicy:
    """Read the due times; every tier must have one."""
    reader = Reader(data, file)
    reader.only(
        "version", "about", "tiers", "review_state", "reviewed_by", "reviewed_on"
    )
    reader.text("about")
    tiers = reader.child("tiers")
    tiers.only(*Tier)
    state, by, on = read_review(reader)
    return DuePolicy(
        version=reader.text("version"),
        tiers={tier: _read_due(tiers.child(tier)) for tier in Tier},
        review_state=state,
        reviewed_by=by,
        reviewed_on=on,
    )


def override(
    policy: DuePolicy, overrides: Mapping[str, Any], *, file: str
) -> DuePolicy:
    """The policy with a clinic's own rules, each read as strictly as ours."""
    reader = Reader(overrides, file)
    tiers = dict(policy.tiers)
    for name in reader.data:
        if name not in list(Tier):
            raise reader.refusal(f"is not one of: {', '.join(Tier)}", str(name))
        tiers[Tier(name)] = _read_due(reader.child(name))
    return replace(policy, tiers=tiers)


def _read_due(reader: Reader) -> DueRule:
    reader.only("minutes", "clock", "same_day", "source")
    if reader.integer("minutes") < 1:
        raise reader.refusal("must be at least 1", "minutes")
    if reader.text("clock") not in list(Clock):
        raise reader.refusal(f"is not one of: {', '.join(Clock)}", "clock")
    return DueRule(
        minutes=reader.integer("minutes"),
        clock=Clock(reader.text("clock")),
        same_day=reader.truth("same_day"),
        source=reader.text("source"),
    )


def due_at(policy: DuePolicy, hours: Hours, tier: Tier, at: datetime) -> datetime:
    """When this tier is due, in UTC; a clinic without hours is held to the wall clock."""
    rule = policy.tiers[tier]
    length = timedelta(minutes=rule.minutes)
    due = at + length
    if rule.clock == Clock.STAFFED:
        due = _after_staffed(hours, at, length) or due
    if rule.same_day:
        due = min(due, wall(hours, at.astimezone(hours.zone).date(), "24:00"))
    return due


def _after_staffed(hours: Hours, at: datetime, length: timedelta) -> datetime | None:
    """The moment when so much staffed time has passed."""
    left = length
    for opens, closes in windows_from(hours, at, days=HORIZON_DAYS):
        start = max(opens, at)
        if start + left <= closes:
            return start + left
        left -= closes - start
    return None


def staffed(hours: Hours, at: datetime) -> bool:
    """Whether somebody is at work; the closing minute itself is not staffed."""
    return any(opens <= at for opens, _ in windows_from(hours, at, days=1))


def next_open(hours: Hours, at: datetime) -> datetime | None:
    """The next staffed moment, `at` itself if staffed; None if there is none."""
    for opens, _ in windows_from(hours, at, days=HORIZON_DAYS):
        return max(opens, at)
    return None


def promise(
    policy: DuePolicy, hours: Hours, tier: Tier, at: datetime, *, on_call: bool = False
) -> Promise:
    """A time that can be kept: by someone on call, or counted from an opening.

    Where nobody is on call, a due time after closing counts from the opening after it.
    """
    opening = next_open(hours, at)
    if on_call:
        return Promise(staffed_now=opening == at, by=due_at(policy, hours, tier, at))
    by = None if opening is None else due_at(policy, hours, tier, opening)
    if by is not None and not staffed(hours, by):
        again = next_open(hours, by)
        by = None if again is None else due_at(policy, hours, tier, again)
    return Promise(staffed_now=opening == at, by=by)
