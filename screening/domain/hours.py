"""When a clinic is staffed, on the wall clock of its own time zone."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Window = tuple[str, str]
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class HoursRefused(ValueError):
    """Staffed hours that cannot be read, with a sentence for who wrote them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Weekday (Monday is 0) to windows such as ("09:00", "17:00"); holidays close all day."""

    time_zone: str
    weekly: Mapping[int, tuple[Window, ...]]
    holidays: frozenset[date]

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise HoursRefused(f"There is no time zone {self.time_zone!r}.") from error
        for weekday, windows in self.weekly.items():
            if weekday not in range(7):
                raise HoursRefused(f"Weekdays are 0 (Monday) to 6, not {weekday!r}.")
            _check_windows(windows)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def build_hours(
    time_zone: str, staffed_hours: Mapping[str, Any], holidays: Sequence[str]
) -> Hours:
    """From a clinic's settings: {"0": [["09:00", "17:00"]]} and ["2026-12-25"]."""
    try:
        weekly = {
            int(weekday): tuple((str(start), str(end)) for start, end in windows)
            for weekday, windows in staffed_hours.items()
        }
        closed = frozenset(date.fromisoformat(day) for day in holidays)
    except (TypeError, ValueError) as error:
        raise HoursRefused(
            'Write hours as {"0": [["09:00", "17:00"]]}, 0 being Monday, '
            'and holidays as ["2026-12-25"].'
        ) from error
    return Hours(time_zone=time_zone, weekly=weekly, holidays=closed)


def _check_windows(windows: tuple[Window, ...]) -> None:
    for window in windows:
        start, end = window
        if not (_TIME.fullmatch(start) and _TIME.fullmatch(end)):
            raise HoursRefused(f"Write times as 09:00, not {start!r} or {end!r}.")
        if start >= end:
            raise HoursRefused(
                f"{start} to {end} ends before it begins; split a night at 24:00."
            )
    for (_, end), (start, _) in pairwise(windows):
        if start < end:
            raise HoursRefused(f"The windows ending {end} and from {start} overlap.")


def windows_from(
    hours: Hours, at: datetime, *, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """The staffed windows, in UTC, that end after `at`, over so many days."""
    first = at.astimezone(hours.zone).date()
    for offset in range(days):
        day = first + timedelta(days=offset)
        for start, end in _windows_on(hours, day):
            opens, closes = wall(hours, day, start), wall(hours, day, end)
            # Spring forward can swallow a window whole.
            if closes > opens and closes > at:
                yield opens, closes


def _windows_on(hours: Hours, day: date) -> tuple[Window, ...]:
    if day in hours.holidays:
        return ()
    return hours.weekly.get(day.weekday(), ())


def wall(hours: Hours, day: date, clock: str) -> datetime:
    """A time on the clinic's wall, in UTC; 24:00 is the next day's midnight."""
    if clock == "24:00":
        return wall(hours, day + timedelta(days=1), "00:00")
    moment = datetime.combine(day, time.fromisoformat(clock), tzinfo=hours.zone)
    return moment.astimezone(UTC)
