"""The values of search parameters, read strictly: what cannot be meant is refused."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework.exceptions import ParseError

UUID_FORM = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
_DATE = re.compile(
    r"(?P<prefix>[a-z]{2})?"
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?P<time>T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?"
)
DATE_HELP = (
    "takes a date such as 2026-01-31, or a moment with its zone such as "
    "2026-01-31T08:00:00Z, with or without one of: " + ", ".join(PREFIXES)
)


class SearchRefused(ParseError):
    """A search that cannot be answered truly; it names the parameter."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name} {text}.")
        self.expression = f"http.{name}"


class TooCostly(ParseError):
    """What would have to be read whole, and is too much for that."""

    issue = "too-costly"
    expression = "http"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This order, or this count, is given for no more than {most} records "
            "at a time. Narrow the search, for instance by patient or by date."
        )


@dataclass(frozen=True, slots=True)
class Span:
    """What a date means: everything from `start` until just before `end`."""

    prefix: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A code with or without its system; empty: it has to have none."""

    system: str | None
    code: str

    def fits(self, system: str, code: str) -> bool:
        """Whether a coding is the one that was asked for."""
        return self.system in (None, system) and self.code in ("", code)


def read_span(name: str, value: str, zone: ZoneInfo) -> Span:
    """A date in a search. Days are those of the clinic; a moment says its zone."""
    # In a query a plus sign means a space, so zones come both ways.
    match = _DATE.fullmatch(value.replace(" ", "+"))
    prefix = match["prefix"] or "eq" if match else ""
    if match is None or prefix not in PREFIXES:
        raise SearchRefused(name, DATE_HELP)
    try:
        start, end = _moment(match) if match["time"] else _days(match, zone)
    except (ValueError, OverflowError) as error:
        raise SearchRefused(name, DATE_HELP) from error
    return Span(prefix, start, end)


def _moment(match: "re.Match[str]") -> tuple[datetime, datetime]:
    said = f"{match['year']}-{match['month']}-{match['day']}{match['time']}"
    clock = re.split(r"Z|[+-]\d\d:\d\d$", match["time"])[0]
    start = datetime.fromisoformat(said).astimezone(UTC)
    if "." in clock:
        return start, start + timedelta(milliseconds=1)
    if clock.count(":") == 2:
        return start, start + timedelta(seconds=1)
    return start, start + timedelta(minutes=1)


def _days(match: "re.Match[str]", zone: ZoneInfo) -> tuple[datetime, datetime]:
    year, month, day = (int(match[part] or 1) for part in ("year", "month", "day"))
    start = datetime(year, month, day, tzinfo=zone)
    if match["day"]:
        # Through the calendar: a day on which the clock is changed is no 24 hours.
        return start, start + timedelta(days=1)
    if match["month"]:
        later = (year + month // 12, month % 12 + 1)
        return start, datetime(*later, 1, tzinfo=zone)
    return start, datetime(year + 1, 1, 1, tzinfo=zone)


def read_token(value: str) -> Token:
    """`system|code`, `code`, `|code`, or `system|`."""
    system, bar, code = value.rpartition("|")
    return Token(system if bar else None, code)


def read_uuid(value: str) -> UUID | None:
    """One of our ids; None for what cannot be one, which nothing has."""
    return UUID(value) if re.fullmatch(UUID_FORM, value) else None


def read_reference(
    name: str, value: str, *, base: str, types: tuple[str, ...]
) -> tuple[str, str]:
    """`Type/id`, an id alone where only one type is possible, or the whole address."""
    kind, slash, found = value.removeprefix(f"{base}/").rpartition("/")
    if not slash and len(types) == 1:
        return types[0], found
    if kind not in types or not found:
        wanted = " or ".join(f"{one}/[id]" for one in types)
        raise SearchRefused(name, f"takes {wanted}")
    return kind, found


def split(value: str) -> list[str]:
    r"""What is joined by commas means "or"; a comma that is meant is written `\,`."""
    found = re.split(r"(?<!\\),", value)
    return [re.sub(r"\\([,|$\\])", r"\1", one) for one in found]
