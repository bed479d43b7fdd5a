"""Days, moments and lengths of time in words, on the clinic's own clock.

Every date that staff read is written here, in one form whose month is a word: nobody
takes the day for the month. Files for other programs have ISO dates, as do the fields
that staff type into.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def day(on: date) -> str:
    """`15 Sep 2026`."""
    return f"{on.day} {on:%b %Y}"


def named_day(on: date) -> str:
    """`Tue 15 Sep 2026`."""
    return f"{on:%a} {day(on)}"


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """The day on which something happened, where the clinic is."""
    return day(at.astimezone(zone).date())


def stored_day(text: str) -> str:
    """A day that is stored as text, such as a birth date; as it is if it is none."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Tue 15 Sep 2026, 10:00`."""
    local = at.astimezone(zone)
    return f"{named_day(local)}, {local:%H:%M}"


def zoned(at: datetime, zone: ZoneInfo) -> str:
    """`Tue 15 Sep 2026, 10:00 EDT`: for what somebody may have to keep."""
    return f"{moment(at, zone)} {at.astimezone(zone):%Z}"


def length(span: timedelta) -> str:
    """`3 d`, `1 d 4 h`, `2 h 5 min`, `7 min`: two units at most, never negative."""
    seconds = max(int(span.total_seconds()), 0)
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    minutes = seconds % _HOUR // _MINUTE
    if days:
        # After two days nobody counts hours.
        return f"1 d {hours} h" if days == 1 and hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"


def since(at: datetime, now: datetime) -> str:
    """How long ago."""
    return f"{length(now - at)} ago"


def due_words(due: datetime, now: datetime) -> str:
    """`Due in 2 h`, or `Overdue by 2 h`."""
    if due <= now:
        return f"Overdue by {length(now - due)}"
    return f"Due in {length(due - now)}"
