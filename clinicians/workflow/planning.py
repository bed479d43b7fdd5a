"""When a patient is asked again, when a mail may go out, and when it no longer may."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from screening.domain.hours import Hours, wall, windows_from
from screening.domain.reading import Reader, read_review

# A warning that nobody can act on in time is none.
LEAST_WARNING_SECONDS = 20
_CLOCKS = ("send_from", "send_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningPolicy:
    """The planning data file, read."""

    version: str
    send_from: str
    send_until: str
    wait_days: int
    weeks: tuple[int, ...]
    mail_attempts: int
    mail_first_wait_seconds: int
    mail_longest_wait_seconds: int
    invite_most: int
    missed_days: int
    device_open_minutes: int
    device_idle_seconds: int
    device_warning_seconds: int


def build_planning_policy(data: object, *, file: str) -> PlanningPolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    own = [field.name for field in fields(PlanningPolicy)]
    reader.only(
        *(*own, "about", "sources", "review_state", "reviewed_by", "reviewed_on")
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    numbers = [n for n in own if n not in ("version", "weeks", *_CLOCKS)]
    for key in numbers:
        if reader.integer(key) < 1:
            raise reader.refusal("must be at least 1", key)
    _check_clocks(reader)
    _check_device(reader)
    return PlanningPolicy(
        version=reader.text("version"),
        send_from=reader.text("send_from"),
        send_until=reader.text("send_until"),
        weeks=_read_weeks(reader),
        **{key: reader.integer(key) for key in numbers},
    )


def _check_clocks(reader: Reader) -> None:
    for key in _CLOCKS:
        try:
            datetime.strptime(reader.text(key), "%H:%M")  # noqa: DTZ007 - a wall's time
        except ValueError as error:
            raise reader.refusal("must be a time such as 09:00", key) from error
    if reader.text("send_from") >= reader.text("send_until"):
        raise reader.refusal("must be later than send_from", "send_until")


def _check_device(reader: Reader) -> None:
    warning = reader.integer("device_warning_seconds")
    if warning < LEAST_WARNING_SECONDS:
        sentence = f"must be at least {LEAST_WARNING_SECONDS}"
        raise reader.refusal(sentence, "device_warning_seconds")
    if warning >= reader.integer("device_idle_seconds"):
        raise reader.refusal("must be longer than the warning", "device_idle_seconds")


def _read_weeks(reader: Reader) -> tuple[int, ...]:
    weeks = tuple(reader.listing("weeks"))
    rising = sorted({week for week in weeks if type(week) is int})
    if not weeks or list(weeks) != rising or weeks[0] < 1 or weeks[-1] > 52:
        raise reader.refusal(
            "whole numbers from 1 to 52, each more than the last", "weeks"
        )
    return weeks


def latest_occasion(
    *, starts_on: date, every_days: int, until_on: date, today: date
) -> date | None:
    """The last day of the schedule that has come; None before the first.

    After an outage this is one day, however many went by: nobody is asked in a burst.
    """
    if today < starts_on:
        return None
    last = min(today, until_on)
    return starts_on + (last - starts_on) // timedelta(days=every_days) * timedelta(
        days=every_days
    )


def next_occasion(
    *, starts_on: date, every_days: int, until_on: date, after: date
) -> date | None:
    """The first day of the schedule later than `after`; None once it has ended."""
    if after < starts_on:
        return starts_on
    rounds = (after - starts_on).days // every_days + 1
    day = starts_on + timedelta(days=rounds * every_days)
    return day if day <= until_on else None


def occasions_between(
    *, starts_on: date, every_days: int, after: date | None, until: date
) -> int:
    """How many days of the schedule lie after `after` and before `until`."""
    first = starts_on
    if after is not None and after >= starts_on:
        first = starts_on + timedelta(
            days=((after - starts_on).days // every_days + 1) * every_days
        )
    return max(0, -(-(until - first).days // every_days))


def moment_on(policy: PlanningPolicy, hours: Hours, day: date) -> datetime:
    """When on this day a planned mail is due: while staffed, if that is soon enough."""
    return allowed_at(policy, hours, wall(hours, day, "00:00"))


def allowed_at(policy: PlanningPolicy, hours: Hours, at: datetime) -> datetime:
    """The first moment from `at` on when a mail may go out unasked: by day, and on a
    staffed day if one comes soon. `at` itself if it may go out now."""
    first = at.astimezone(hours.zone).date()
    for opens, closes in windows_from(hours, at, days=policy.wait_days + 1):
        day = opens.astimezone(hours.zone).date()
        start = max(opens, at, wall(hours, day, policy.send_from))
        if start < min(closes, wall(hours, day, policy.send_until)):
            return start
    over = at >= wall(hours, first, policy.send_until)
    day = first + timedelta(days=1) if over else first
    return max(at, wall(hours, day, policy.send_from))


def reminder_moments(
    policy: PlanningPolicy,
    hours: Hours,
    *,
    invited_at: datetime,
    until: datetime,
    days: Iterable[int],
) -> dict[int, datetime]:
    """By day after the invitation: when to remind. None once the link has run out."""
    invited_on = invited_at.astimezone(hours.zone).date()
    found = {
        day: moment_on(policy, hours, invited_on + timedelta(days=day))
        for day in sorted({day for day in days if day > 0})
    }
    return {day: moment for day, moment in found.items() if moment < until}


def every(weeks: int) -> str:
    """An interval in words."""
    return "Every week" if weeks == 1 else f"Every {weeks} weeks"
