"""The tables of the team's work: by person, a clinician-day, time spent, check-ins."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clinicians.presenters.figures.alerts import ALL
from clinicians.presenters.figures.cells import SPREAD, Cell, Counts, Row, Table
from clinicians.presenters.figures.groups import GROUPS, Links, across, tier_words
from clinicians.presenters.people import LANGUAGES
from clinicians.workflow.hiding import Key, Sum
from core.models import User
from core.permissions import Permission, can

PEOPLE: Mapping[str, str] = {
    "now": "Has now",
    "ACKNOWLEDGED": "Claimed",
    "CLOSE_PROPOSED": "Closing proposed",
    "CLOSED": "Closed",
    "SNOOZED": "Put off",
    "HANDED_OVER": "Handed over",
}

DID = (
    "What each person did in the period; “has now” is of this moment. Where two close a "
    "case, the first has proposed it and the second has closed it. What was undone at "
    "once is not counted."
)
LOAD = (
    "A clinician-day is a day of the period on which the clinic was staffed by its "
    "hours of today (without hours: every day but holidays), once for each person who "
    "may take cases now, from the day of their account on, less the days that they "
    "were away for all staffed hours. Whoever has left is not counted."
)
SPENT = (
    "Of each case closed in the period: the time between opening its page and what was "
    "done on it, added up over everybody. Reading without doing, work away from the "
    "page, acts on several at once and pages left open too long are not in it, so it is "
    "the least that was spent."
)


def people_table(
    found: Mapping[Any, Mapping[str, int]],
    staff: Iterable[User],
    links: Links,
    *,
    viewer: User,
) -> Table:
    """Who did what. It counts what staff did, so nothing of it is hidden."""
    rows = []
    for person in staff:
        did = found.get(person.id, {})
        if not did and not (person.is_active and can(person, Permission.REVIEW)):
            continue
        owner = "mine" if person.id == viewer.id else str(person.id)
        cells = [_number(did.get(name, 0)) for name in PEOPLE]
        if did.get("now"):
            cells[0] = _number(did["now"], href=links.queue(owner=owner))
        soft = "" if person.is_active else "No longer active"
        rows.append(Row(str(person), cells, soft=soft))
    return Table(
        name="people",
        title="Work by person",
        first="Person",
        columns=list(PEOPLE.values()),
        rows=rows,
        notes=(
            DID,
            "A person with fewer cases may have had the harder ones.",
        ),
    )


def _number(value: int, *, href: str = "") -> Cell:
    return Cell(f"{value:,}", str(value), href)


def load_table(counts: Counts, days: int) -> Table:
    """Alerts a clinician-day: too many, and they are no longer read."""
    rows = [
        Row(
            tier_words(group),
            [
                counts.cell(("alerts", group, "alerts")),
                _number(days),
                counts.per(("alerts", group, "alerts"), days),
            ],
        )
        for group in GROUPS
    ]
    return Table(
        name="load",
        heading="The team’s work",
        title="Alerts a clinician-day",
        first="Priority",
        columns=["Alerts", "Clinician-days", "Alerts a clinician-day"],
        rows=rows,
        notes=(LOAD,),
    )


def time_table(found: Mapping[str, Counter[int | None]], *, smallest: int) -> Table:
    """Seconds that were spent on cases which were closed."""
    values: dict[Key, int] = {}
    for group in GROUPS:
        spent = found.get(group, Counter())
        whole, unknown = sum(spent.values()), spent[None]
        values["time", group, "closed"] = whole
        values["time", group, "measured"] = whole - unknown
        values["time", group, "unknown"] = unknown
    names = ("closed", "measured", "unknown")
    sums = list(across("time", names))
    sums += [
        Sum(("time", g, "closed"), (("time", g, "measured"), ("time", g, "unknown")))
        for g in GROUPS
    ]
    counts = Counts(values, sums, smallest=smallest)
    rows = [
        Row(
            tier_words(group),
            [
                *(counts.cell(("time", group, name)) for name in names),
                *counts.spread(_measured(found.get(group, Counter())), unit=1),
            ],
        )
        for group in GROUPS
    ]
    return Table(
        name="time",
        title="Time spent on a review",
        first="Priority",
        columns=["Closed cases", "Measured", "Not measured", *SPREAD],
        rows=rows,
        notes=(SPENT,),
        units=dict.fromkeys(SPREAD, "seconds"),
    )


def _measured(spent: Mapping[int | None, int]) -> dict[int, int]:
    return {seconds: n for seconds, n in spent.items() if seconds is not None}


CHECK_INS: Mapping[str, str] = {
    "invited": "Invited",
    "begun": "Begun",
    "finished": "Finished",
    "unfinished": "Not finished in time",
    "answering": "Being answered",
    "missed": "Never begun, over",
    "waiting": "Not begun yet",
}
_BEGUN = ("finished", "unfinished", "answering")
_INVITED = ("begun", "missed", "waiting")


def _check_in_counts(
    found: Counter[tuple[str, str]], groups: Sequence[str], *, smallest: int
) -> Counts:
    names = (*CHECK_INS, "entered")
    values: dict[Key, int] = {}
    for group in groups:
        one = {name: found[group, name] for name in names}
        one["begun"] = sum(one[name] for name in _BEGUN)
        one["invited"] = sum(one[name] for name in _INVITED)
        values |= {(group, name): count for name, count in one.items()}
    sums = [
        Sum((ALL, name), tuple((g, name) for g in groups if g != ALL))
        for name in (names if len(groups) > 1 else ())
    ]
    for group in groups:
        for whole, parts in (("begun", _BEGUN), ("invited", _INVITED)):
            sums.append(Sum((group, whole), tuple((group, part) for part in parts)))
    return Counts(values, sums, smallest=smallest)


def check_in_table(found: Counter[tuple[str, str]], *, smallest: int) -> Table:
    """What became of invitations, in each language."""
    groups = [*sorted({language for language, _ in found} - {ALL}), ALL]
    counts = _check_in_counts(found, groups, smallest=smallest)
    rows = [
        Row(
            "All" if group == ALL else LANGUAGES.get(group, group),
            [
                *(counts.cell((group, name)) for name in CHECK_INS),
                counts.share(
                    (group, "finished"), (group, "unfinished"), (group, "missed")
                ),
                counts.cell((group, "entered")),
            ],
        )
        for group in groups
    ]
    return Table(
        name="check-ins",
        heading="Invitations",
        title="Check-ins by language",
        first="Language",
        columns=[*CHECK_INS.values(), "Completed", "Entered by staff"],
        rows=rows,
        notes=(
            "Invitations made in the period. Completed: finished, of those that are over.",
        ),
        units={"Completed": "%"},
    )
