"""When an item is asked at all: the small language of `enable_when`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

Answers = Mapping[str, int | None]

_SCORED = re.compile(r"any scored item >= (?P<least>\d+)")
_LISTED = re.compile(
    r"any of (?P<items>[^\s,]+(?:, [^\s,]+)*) >= (?P<least>\d+)"
    r"(?P<declined> or declined)?"
)


class ConditionUnclear(ValueError):
    """A condition that is not one of the two forms we can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """At least one of some items reaches a value; `items` None means all scored ones."""

    items: tuple[str, ...] | None
    at_least: int
    or_declined: bool

    def holds(self, scored: tuple[str, ...], answers: Answers) -> bool:
        """Whether the answers so far meet the condition."""
        for link_id in scored if self.items is None else self.items:
            value = answers.get(link_id)
            if value is not None and value >= self.at_least:
                return True
            if self.or_declined and link_id in answers and value is None:
                return True
        return False


def parse_condition(text: str) -> Condition:
    """Read "any scored item >= 1" or "any of a, b >= 1 or declined"."""
    if match := _SCORED.fullmatch(text):
        return Condition(items=None, at_least=int(match["least"]), or_declined=False)
    if match := _LISTED.fullmatch(text):
        return Condition(
            items=tuple(match["items"].split(", ")),
            at_least=int(match["least"]),
            or_declined=match["declined"] is not None,
        )
    raise ConditionUnclear(
        f'"{text}" is neither "any scored item >= N" nor '
        '"any of ID, ID >= N", with or without "or declined"'
    )
