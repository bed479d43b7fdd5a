"""Adds marks up to the figures that people read, each beside its target."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.language import tables
from screening.language.evaluation.figures import Share, share
from screening.language.evaluation.judging import Mark
from screening.language.evaluation.sets import LANGUAGES

BOTH = "both"
TARGETS = tables.DATA / "targets.json"


@dataclass(frozen=True, slots=True)
class Target:
    """What a measure should reach; without a bound it only informs."""

    measure: str
    says: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, found: Share) -> bool | None:
        """Whether the share is within the bound; None where nothing can be said."""
        if found.value is None or (self.at_least is None and self.at_most is None):
            return None
        low, high = self.at_least or 0.0, 1.0 if self.at_most is None else self.at_most
        return low <= found.value <= high

    def wrong(self, mark: Mark) -> bool:
        """Whether this one row speaks against the target."""
        if self.at_least is not None:
            return not mark.yes
        return self.at_most is not None and mark.yes

    @property
    def bound(self) -> str:
        """The bound in words, for the table."""
        if self.at_least is not None:
            return f"≥ {self.at_least:.0%}"
        return "" if self.at_most is None else f"≤ {self.at_most:.0%}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a share of one measure, language and class."""

    measure: str
    says: str
    lang: str
    kind: str
    share: Share
    bound: str = ""
    holds: bool | None = None


@lru_cache(maxsize=1)
def targets() -> tuple[Target, ...]:
    """The targets as data; raises TableError."""
    content = tables.read(TARGETS)
    try:
        return tuple(Target(**entry) for entry in content["targets"])
    except (KeyError, TypeError) as error:
        raise tables.TableError(f"targets.json: {error}.") from error


def summary(marks: Sequence[Mark]) -> list[Line]:
    """One line a measure and language, and one for both with its target."""
    lines = []
    for target in targets():
        own = [mark for mark in marks if mark.measure == target.measure]
        for lang in (*LANGUAGES, BOTH) if own else ():
            found = share([mark.yes for mark in own if lang in (mark.lang, BOTH)])
            holds = target.holds(found) if lang == BOTH else None
            bound = target.bound if lang == BOTH else ""
            place = (target.measure, target.says, lang, "all")
            lines.append(Line(*place, found, bound, holds))
    return lines


def classes(marks: Sequence[Mark]) -> list[Line]:
    """One line a measure, language and class of rows."""
    says = {target.measure: target.says for target in targets()}
    groups: dict[tuple[str, str, str], list[bool]] = {}
    for mark in marks:
        groups.setdefault((mark.measure, mark.lang, mark.kind), []).append(mark.yes)
    order = list(says)
    ordered = sorted(groups.items(), key=lambda one: (order.index(one[0][0]), one[0]))
    return [
        Line(measure, says[measure], lang, kind, share(yes))
        for (measure, lang, kind), yes in ordered
    ]


def behind(lines: Iterable[Line]) -> list[Line]:
    """Where Spanish or misspelt text stays further behind English than is allowed."""
    rule: Mapping[str, Any] = tables.read(TARGETS)["within_points_of_english"]
    known = {(line.measure, line.lang): line for line in lines if line.kind == "all"}
    found = []
    for pair in rule["pairs"]:
        ours = known.get((pair["measure"], pair["lang"]))
        english = known.get((pair["english"], "en"))
        if ours and english and _points(english) - _points(ours) > rule["points"]:
            found.append(ours)
    return found


def _points(line: Line) -> float:
    """The share in points; of no rows nothing is behind anything."""
    return 100 * (1.0 if line.share.value is None else line.share.value)


def wrong(marks: Iterable[Mark]) -> Iterator[Mark]:
    """The rows that speak against a target, each once a measure."""
    known = {target.measure: target for target in targets()}
    return (mark for mark in marks if known[mark.measure].wrong(mark))
