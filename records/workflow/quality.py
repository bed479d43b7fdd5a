"""The fields of the quality measure on depression screening, CMS2, from plain facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from screening.domain.reading import DefinitionError, Reader, read_review

POSITIVE, NEGATIVE, NO_RESULT = "positive", "negative", "no result"
DUE, MET, MISSED, NOT_NEEDED = "due", "yes", "no", "not needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The data file, read: what counts, and within how many days."""

    version: str
    name: str
    plan_days: int
    tools: tuple[str, ...]
    dispositions: tuple[str, ...]
    treatments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Something that is a follow-up plan, and the day it was made."""

    on: date
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What the measure asks of one screening. `at_cut` None: it has no total."""

    on: date
    at_cut: bool | None
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What the measure wants to know of one screening."""

    result: str
    plan: str
    plan_on: date | None
    plan_in_time: str


def build_measure(data: Any, *, file: str) -> Measure:
    """Read the file. Raises DefinitionError where it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "measure", "sources", "plan_days", "tools"),
        *("review_state", "reviewed_by", "reviewed_on"),
        *("plan_dispositions", "plan_treatments"),
    )
    read_review(reader)
    reader.sources()
    days = reader.integer("plan_days")
    if days < 0:
        raise reader.refusal("must be 0 or more", "plan_days")
    return Measure(
        version=reader.text("version"),
        name=reader.text("measure"),
        plan_days=days,
        tools=_some(reader, "tools"),
        dispositions=_some(reader, "plan_dispositions"),
        treatments=_some(reader, "plan_treatments"),
    )


def _some(reader: Reader, key: str) -> tuple[str, ...]:
    found = reader.texts(key)
    if not found:
        raise DefinitionError(reader.file, key, "must name at least one")
    return found


def fields(screened: Screened, measure: Measure, *, today: date) -> Fields:
    """The first plan since the screening counts; before the last day one is only due."""
    if screened.at_cut is None:
        return Fields(result=NO_RESULT, plan="", plan_on=None, plan_in_time=NOT_NEEDED)
    result = POSITIVE if screened.at_cut else NEGATIVE
    first = _first(screened.plans, since=screened.on)
    last_day = screened.on + timedelta(days=measure.plan_days)
    return Fields(
        result=result,
        plan=first.kind if first else "",
        plan_on=first.on if first else None,
        plan_in_time=_in_time(screened, first, last_day=last_day, today=today),
    )


def _first(plans: Iterable[Plan], *, since: date) -> Plan | None:
    """Days decide, then the kind, so that two of one day always give the same one."""
    later = (plan for plan in plans if plan.on >= since)
    return min(later, key=lambda plan: (plan.on, plan.kind), default=None)


def _in_time(
    screened: Screened, first: Plan | None, *, last_day: date, today: date
) -> str:
    if not screened.at_cut:
        return NOT_NEEDED
    if first is not None:
        return MET if first.on <= last_day else MISSED
    return DUE if today <= last_day else MISSED
