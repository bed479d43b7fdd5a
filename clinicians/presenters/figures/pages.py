"""Which tables a page of figures has, each read once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from clinicians.definitions import figures_policy
from clinicians.presenters.figures import cases, counts, rules, team, waiting
from clinicians.presenters.figures.alerts import tally, undone
from clinicians.presenters.figures.cells import Table
from clinicians.presenters.figures.groups import Links
from clinicians.presenters.figures.period import Chosen, read_period
from clinicians.workflow.figures import Period, clinician_days
from core.models import Clinic, User
from core.permissions import Permission, can
from screening.actions.clock import hours_of

# So that nothing is hidden: one is the least that there can be.
EVERYTHING = 1


def period_of(given: Mapping[str, str], clinic: Clinic, *, at: datetime) -> Chosen:
    """The days that an address asks for, by the clinic's own calendar."""
    return read_period(given, today=at.astimezone(clinic.zone).date())


def smallest_for(*, small: bool) -> int:
    """Below which number counts are hidden."""
    return EVERYTHING if small else figures_policy().smallest


def figures_tables(
    clinic: Clinic, viewer: User, period: Period, *, small: bool, at: datetime
) -> list[Table]:
    """The tables of the team's page. `small`: small numbers are to be seen too."""
    window = period.bounds(hours_of(clinic))
    smallest = smallest_for(small=small)
    sees = can(viewer, Permission.SEE_QUEUE)
    links = Links(sees=sees)
    without = undone(clinic, window[0])
    found = tally(clinic, *window, without=without, at=at)
    alerts = cases.alert_counts(found, smallest=smallest)
    staff = list(User.objects.filter(clinic=clinic).order_by("name", "id"))
    return [
        waiting.open_table(
            counts.open_now(clinic, at=at),
            links,
            smallest=EVERYTHING if sees else smallest,
        ),
        cases.seen_table(found, alerts, links),
        cases.step_table(alerts),
        cases.shut_table(found, alerts),
        cases.language_table(found, alerts, links),
        team.load_table(alerts, _days(clinic, period)),
        team.people_table(
            counts.by_person(clinic, window, without=without),
            staff,
            links,
            viewer=viewer,
        ),
        team.time_table(counts.seconds_by_case(clinic, window), smallest=smallest),
        team.check_in_table(counts.check_ins(clinic, window), smallest=smallest),
    ]


def rules_tables(
    clinic: Clinic, viewer: User, period: Period, *, small: bool
) -> list[Table]:
    """The tables of flag quality."""
    window = period.bounds(hours_of(clinic))
    without = undone(clinic, window[0])
    flags = counts.flags_by_end(clinic, window, without=without)
    found = rules.quality(flags, smallest=smallest_for(small=small))
    reads = can(viewer, Permission.SEE_CASES)
    links = Links(sees=can(viewer, Permission.SEE_QUEUE))
    days = _days(clinic, period)
    return [
        replace(
            rules.rule_table(found, links, days=days, reads=reads),
            notes=_silent(rules.silent_rules(found)),
        ),
        rules.end_table(found),
    ]


def _silent(titles: Sequence[str]) -> tuple[str, ...]:
    if not titles:
        return ()
    return (f"Without a flag in these days: {'; '.join(titles)}.",)


def _days(clinic: Clinic, period: Period) -> int:
    return clinician_days(hours_of(clinic), period, counts.clinicians(clinic))
