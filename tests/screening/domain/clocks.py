"""A clinic's wall clock, for tests of hours and due times."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from screening.domain.due import Hours

NEW_YORK = "America/New_York"
OFFICE = dict.fromkeys(range(5), (("09:00", "12:00"), ("13:00", "18:00")))
NEVER = Hours(time_zone=NEW_YORK, weekly={}, holidays=frozenset())


def utc(text, zone=NEW_YORK):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
