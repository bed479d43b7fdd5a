"""What a clinic may set: its limits, and which changes loosen something and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from screening.domain.due import DuePolicy
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
    SAFETY_FOR_SOME = "safety-for-some"


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

    `asks_safety`: one of the questionnaires asks about thoughts of death; `asks_all`:
    it asks everybody, whatever a short form before it adds up to.
    """

    values: Mapping[str, Any]
    due: DuePolicy
    hours: Hours
    asks_safety: bool
    asks_all: bool
