"""When answers are to be read with caution, and why: pure rules over how they were given.

A reason says what was unusual. It never changes a score, a band or a flag, and never
says that an answer is untrue.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.domain.reading import Reader, read_review

_NUMBERS = (
    *("fast_seconds", "fast_items", "fast_percent", "slow_seconds", "span_hours"),
    *("item_changes", "changed_items", "questions"),
)
_MOST_PERCENT = 100
_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class CautionPolicy:
    """The thresholds, as the data file gives them."""

    version: str
    review_state: str
    fast_seconds: int
    fast_items: int
    fast_percent: int
    slow_seconds: int
    span_hours: int
    item_changes: int
    changed_items: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemConduct:
    """What a patient did at one item, in order.

    `values`: each answer given to it, None where it was declined. `seconds`: how long
    each page was open, where that is known. `questions`: how often it was asked about.
    """

    number: int
    values: tuple[int | None, ...]
    seconds: tuple[int, ...] = ()
    questions: int = 0
    safety: bool = False

    @property
    def changes(self) -> int:
        """How often an answer was replaced by another one."""
        pairs = zip(self.values, self.values[1:], strict=False)
        return sum(before != after for before, after in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How one questionnaire was filled in; `span`: seconds from first to last answer."""

    items: tuple[ItemConduct, ...]
    span: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One reason, by its id and in words."""

    id: str
    text: str


def cautions(conduct: Conduct, policy: CautionPolicy) -> tuple[Caution, ...]:
    """Every reason to read these answers with caution; empty where nothing is unusual."""
    found = ((name, rule(conduct, policy)) for name, rule in _RULES.items())
    return tuple(Caution(id=name, text=text) for name, text in found if text)


def _fast(conduct: Conduct, policy: CautionPolicy) -> str:
    """Only the longest look at an item counts: a quick change later is no haste."""
    timed = [item for item in conduct.items if item.seconds]
    fast = [item for item in timed if max(item.seconds) < policy.fast_seconds]
    share = len(fast) * 100 >= policy.fast_percent * len(timed)
    if len(fast) < policy.fast_items or not share:
        return ""
    return (
        f"Answered fast: {len(fast)} of {len(timed)} items in less than "
        f"{policy.fast_seconds} seconds each."
    )


def _slow(conduct: Conduct, policy: CautionPolicy) -> str:
    slow = [
        item
        for item in conduct.items
        if item.seconds and max(item.seconds) >= policy.slow_seconds
    ]
    if not slow:
        return ""
    minutes = policy.slow_seconds // 60
    return f"A page was open for {minutes} minutes or longer: {_named(slow)}."


def _long(conduct: Conduct, policy: CautionPolicy) -> str:
    if conduct.span < policy.span_hours * _HOUR:
        return ""
    hours = conduct.span // _HOUR
    return f"{hours} hours lay between the first answer and the last."


def _changed(conduct: Conduct, policy: CautionPolicy) -> str:
    changed = [item for item in conduct.items if item.changes]
    often = any(item.changes >= policy.item_changes for item in changed)
    if not often and len(changed) < policy.changed_items:
        return ""
    times = ", ".join(f"item {i.number} {_times(i.changes)}" for i in changed)
    return f"Answers were changed: {times}."


def _safety_changed(conduct: Conduct, _: CautionPolicy) -> str:
    changed = [item for item in conduct.items if item.safety and item.changes]
    if not changed:
        return ""
    return f"The answer about self-harm was changed: {_named(changed)}."


def _asked(conduct: Conduct, policy: CautionPolicy) -> str:
    asked = [item for item in conduct.items if item.questions]
    if sum(item.questions for item in asked) < policy.questions:
        return ""
    times = ", ".join(f"item {i.number} {_times(i.questions)}" for i in asked)
    return f"Asked what questions mean: {times}."


def _safety_asked(conduct: Conduct, _: CautionPolicy) -> str:
    asked = [item for item in conduct.items if item.safety and item.questions]
    if not asked:
        return ""
    return f"Asked what the question about self-harm means: {_named(asked)}."


def _named(items: Sequence[ItemConduct]) -> str:
    return ", ".join(f"item {item.number}" for item in items)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


# What matters most stands first.
_RULES: Mapping[str, Callable[[Conduct, CautionPolicy], str]] = {
    "safety-changed": _safety_changed,
    "safety-asked": _safety_asked,
    "fast": _fast,
    "slow": _slow,
    "long": _long,
    "changed": _changed,
    "asked": _asked,
}


def build_caution_policy(data: object, *, file: str) -> CautionPolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", *_NUMBERS),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    state, _, _ = read_review(reader)
    numbers: dict[str, Any] = {name: reader.integer(name) for name in _NUMBERS}
    for name, value in numbers.items():
        if value < 1:
            raise reader.refusal("must be at least 1", name)
    if numbers["fast_percent"] > _MOST_PERCENT:
        raise reader.refusal("is a share of 100 at most", "fast_percent")
    return CautionPolicy(version=reader.text("version"), review_state=state, **numbers)
