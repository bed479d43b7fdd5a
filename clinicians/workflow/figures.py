"""What the team's figures are made of: periods, spreads, standings, days. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, groupby
from math import ceil

from screening.domain.hours import Hours, wall, windows_from
from screening.domain.reading import Reader, read_review

ALL_DAY = (("00:00", "24:00"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPolicy:
    """The figures' data file, read."""

    version: str
    smallest: int
    few: int
    periods: tuple[int, ...]
    period: int
    longest_days: int
    age_hours: tuple[int, ...]
    fixed_rules: frozenset[str]

    @property
    def hidden_most(self) -> int:
        """The largest count that is hidden for being small."""
        return self.smallest - 1


def build_figures_policy(
    data: object, *, file: str, rules: Iterable[str]
) -> FiguresPolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "smallest", "few", "periods", "period"),
        *("longest_days", "age_hours", "fixed_rules"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    # One alone is always a person: no file may show it.
    for key, least in (("smallest", 2), ("few", 1), ("longest_days", 1)):
        if reader.integer(key) < least:
            raise reader.refusal(f"must be at least {least}", key)
    fixed = reader.texts("fixed_rules")
    if unknown := set(fixed) - set(rules):
        raise reader.refusal(
            f"no such rule: {', '.join(sorted(unknown))}", "fixed_rules"
        )
    periods = _rising(reader, "periods")
    if reader.integer("period") not in periods:
        raise reader.refusal("is not one of the periods", "period")
    return FiguresPolicy(
        version=reader.text("version"),
        smallest=reader.integer("smallest"),
        few=reader.integer("few"),
        periods=periods,
        period=reader.integer("period"),
        longest_days=reader.integer("longest_days"),
        age_hours=_rising(reader, "age_hours"),
        fixed_rules=frozenset(fixed),
    )


def _rising(reader: Reader, key: str) -> tuple[int, ...]:
    given = reader.listing(key)
    whole = [one for one in given if type(one) is int and one > 0]
    if not whole or whole != given or whole != sorted(set(whole)):
        raise reader.refusal("are whole numbers, each more than the last", key)
    return tuple(whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took, over all cases, in the unit that it was counted in."""

    n: int
    median: int
    p95: int
    longest: int


def spread(counts: Mapping[int, int], *, smallest: int) -> Spread | None:
    """Return the spread of `counts` (a length to how many took it), or None of fewer
    than `smallest`. A percentile is a length that was measured: the nearest rank.
    """
    n = sum(counts.values())
    if n < max(smallest, 1):
        return None
    lengths = sorted(length for length, count in counts.items() if count)
    return Spread(
        n=n,
        median=_ranked(counts, lengths, ceil(n * 50 / 100)),
        p95=_ranked(counts, lengths, ceil(n * 95 / 100)),
        longest=lengths[-1],
    )


def _ranked(counts: Mapping[int, int], lengths: Sequence[int], rank: int) -> int:
    up_to = accumulate(counts[length] for length in lengths)
    reached = zip(lengths, up_to, strict=True)
    return next(length for length, so_many in reached if so_many >= rank)


class Standing(StrEnum):
    """Whether an alert was taken by when it had to be."""

    IN_TIME = "in-time"
    LATE = "late"
    OVERDUE = "overdue"
    AHEAD = "ahead"


def standing(*, due_at: datetime, seen_at: datetime | None, at: datetime) -> Standing:
    """Say how an alert stands: taken in time or late, or by nobody yet."""
    if seen_at is None:
        return Standing.OVERDUE if due_at <= at else Standing.AHEAD
    return Standing.IN_TIME if seen_at <= due_at else Standing.LATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days of a clinic's own calendar, the first and the last one included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def bounds(self, hours: Hours) -> tuple[datetime, datetime]:
        """From when, and until before when, in UTC."""
        return wall(hours, self.first, "00:00"), wall(hours, self.last, "24:00")


def newest(days: int, *, today: date) -> Period:
    """The period of so many days that ends today."""
    return Period(first=today - timedelta(days=days - 1), last=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """Somebody who may take cases: since when, and from when to when they were away."""

    since: date
    away: tuple[tuple[datetime, datetime], ...] = ()


def clinician_days(hours: Hours, period: Period, people: Sequence[Clinician]) -> int:
    """Count the days on which each person was there to take cases.

    A day counts if the clinic is staffed on it; without staffed hours every day but
    holidays. For a person it counts unless they were away for all of its hours.
    """
    if not any(hours.weekly.values()):
        always = dict.fromkeys(range(7), ALL_DAY)
        hours = replace(hours, weekly=always)
    begins, _ = period.bounds(hours)
    windows = windows_from(hours, begins, days=period.days)
    by_day = groupby(windows, key=lambda one: one[0].astimezone(hours.zone).date())
    count = 0
    for day, open_ in by_day:
        of_day = tuple(open_)
        count += sum(_there(person, day, of_day) for person in people)
    return count


def _there(
    person: Clinician, day: date, windows: Sequence[tuple[datetime, datetime]]
) -> bool:
    if day < person.since:
        return False
    return not all(
        any(start <= opens and closes <= end for start, end in person.away)
        for opens, closes in windows
    )
