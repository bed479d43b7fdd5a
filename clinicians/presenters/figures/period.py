"""For which days the figures are asked, in the address and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from clinicians.definitions import figures_policy
from clinicians.workflow.figures import Period, newest


class PeriodRefused(ValueError):
    """Days of which there can be no figures; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A period to choose with one press."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The days that the figures are of, and a sentence for each that was not understood."""

    period: Period
    days: int | None
    problems: Sequence[str]

    @property
    def words(self) -> str:
        """From when to when."""
        return f"{_day(self.period.first)} to {_day(self.period.last)}"

    @property
    def query(self) -> str:
        """The address of the same days."""
        if self.days:
            return urlencode({"days": self.days})
        first, last = self.first, self.last
        return urlencode({"from": first, "to": last})

    @property
    def first(self) -> str:
        return self.period.first.isoformat()

    @property
    def last(self) -> str:
        return self.period.last.isoformat()

    def offers(self, path: str, *, more: str = "") -> Iterator[Offer]:
        """The periods of the data file; `more` is kept in their addresses."""
        for days in figures_policy().periods:
            href = f"{path}?{urlencode({'days': days})}{more}"
            yield Offer(f"{days} days", href, current=days == self.days)


def read_period(given: Mapping[str, str], *, today: date) -> Chosen:
    """Read the address; what cannot be is said, and the usual days are shown."""
    policy = figures_policy()
    try:
        if given.get("from", "").strip() or given.get("to", "").strip():
            return Chosen(_between(given, today=today), None, ())
        days = _days(given.get("days", str(policy.period)))
    except PeriodRefused as error:
        usual = newest(policy.period, today=today)
        said = f"{error} The last {policy.period} days are shown."
        return Chosen(usual, policy.period, (said,))
    return Chosen(newest(days, today=today), days, ())


def _days(text: str) -> int:
    offered = {str(days): days for days in figures_policy().periods}
    if text not in offered:
        raise PeriodRefused(f"“{text[:20]}” is not one of the periods offered.")
    return offered[text]


def _between(given: Mapping[str, str], *, today: date) -> Period:
    first, last = _read(given.get("from", "")), _read(given.get("to", ""))
    if last > today:
        raise PeriodRefused("The last day is still ahead.")
    if first > last:
        raise PeriodRefused("The first day comes after the last one.")
    period, most = Period(first=first, last=last), figures_policy().longest_days
    if period.days > most:
        raise PeriodRefused(f"Choose at most {most} days at once.")
    return period


def _read(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise PeriodRefused(
            "Give both the first and the last day, as 2026-09-15."
        ) from error


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
