"""The tables of cases: open now, until somebody had them, until they were closed."""

from collections.abc import Mapping

from clinicians.presenters.figures.alerts import ALL, NO_STEP, SHUT, STILL, Tally
from clinicians.presenters.figures.cells import SPREAD, Cell, Counts, Row, Table
from clinicians.presenters.figures.groups import GROUPS, Links, across, tier_words
from clinicians.presenters.people import LANGUAGES
from clinicians.workflow import LADDER
from clinicians.workflow.figures import Standing
from clinicians.workflow.hiding import Sum

MINUTE = 60
MINUTES = dict.fromkeys(SPREAD, "minutes")
STANDINGS: Mapping[str, str] = {
    Standing.IN_TIME: "Taken in time",
    Standing.LATE: "Taken late",
    Standing.OVERDUE: "Nobody yet, overdue",
    Standing.AHEAD: "Nobody yet, not due",
}
STEPS: Mapping[str, str] = {
    NO_STEP: "Nobody was told",
    **{step: step.value.capitalize() for step in LADDER},
}
CLIMBED = (
    "The highest step that was told before somebody took the alert. Of urgent ones the "
    "first step is told at once, of others when they are due."
)


def alert_counts(found: Tally, *, smallest: int) -> Counts:
    """All counts of alerts at once: its tables share totals, and are read together."""
    languages = sorted(found.languages)
    parts = {
        "seen": tuple(STANDINGS),
        "shut": (SHUT, STILL),
        "step": tuple(STEPS),
    }
    values = {("alerts", g, "alerts"): found.of(g, "alerts") for g in GROUPS}
    sums = list(across("alerts", ["alerts"]))
    for what, names in parts.items():
        values |= {(what, g, n): found.of(g, n) for g in GROUPS for n in names}
        sums += across(what, names)
        sums += [
            Sum(("alerts", g, "alerts"), tuple((what, g, n) for n in names))
            for g in GROUPS
        ]
    for name in ("alerts", *STANDINGS):
        keys = [("language", language, name) for language in languages]
        values |= {key: found.of(f"language {key[1]}", name) for key in keys}
        whole = "alerts" if name == "alerts" else "seen"
        sums.append(Sum((whole, ALL, name), tuple(keys)))
    for language in languages:
        keys = [("language", language, name) for name in STANDINGS]
        sums.append(Sum(("language", language, "alerts"), tuple(keys)))
    return Counts(values, sums, smallest=smallest)


def seen_table(found: Tally, counts: Counts, links: Links) -> Table:
    """How long an alert waited for somebody who has it."""
    rows = []
    for group in GROUPS:
        waits = links.queue(group, status="OPEN")
        late = links.queue(group, status="OPEN", overdue="1")
        hrefs: dict[str, str] = {Standing.AHEAD: waits, Standing.OVERDUE: late}
        rows.append(
            Row(tier_words(group), _seen(found, counts, "seen", group, group, hrefs))
        )
    return Table(
        name="seen",
        heading="Alerts raised in these days",
        title="From an alert to somebody who has it",
        first="Priority",
        columns=["Alerts", *STANDINGS.values(), "In time", *SPREAD],
        rows=rows,
        notes=(
            "Taken: claimed; if the case was in hand already, put off or closed next.",
            "In time: of those that were taken or are overdue.",
        ),
        units={"In time": "%", **MINUTES},
    )


def _seen(
    found: Tally,
    counts: Counts,
    what: str,
    group: str,
    tallied: str,
    hrefs: Mapping[str, str],
) -> list[Cell]:
    total = what if what == "language" else "alerts"
    return [
        counts.cell((total, group, "alerts")),
        *(
            counts.cell((what, group, name), href=hrefs.get(name, ""))
            for name in STANDINGS
        ),
        counts.share(
            (what, group, Standing.IN_TIME),
            (what, group, Standing.LATE),
            (what, group, Standing.OVERDUE),
        ),
        *counts.spread(found.seen[tallied], unit=MINUTE),
    ]


def language_table(found: Tally, counts: Counts, links: Links) -> Table:
    """Whether those who answer in one language wait longer than in another."""
    rows = [
        Row(
            LANGUAGES.get(language, language),
            _seen(found, counts, "language", language, f"language {language}", {}),
            href=links.queue(language=language),
        )
        for language in sorted(found.languages)
    ]
    return Table(
        name="languages",
        title="The same by the language of the answers",
        first="Language",
        columns=["Alerts", *STANDINGS.values(), "In time", *SPREAD],
        rows=rows,
        units={"In time": "%", **MINUTES},
    )


def step_table(counts: Counts) -> Table:
    """How far alerts climbed before somebody took them."""
    rows = [
        Row(tier_words(g), [counts.cell(("step", g, name)) for name in STEPS])
        for g in GROUPS
    ]
    return Table(
        name="steps",
        title="How far up the ladder it went",
        first="Priority",
        columns=list(STEPS.values()),
        rows=rows,
        notes=(CLIMBED,),
    )


def shut_table(found: Tally, counts: Counts) -> Table:
    """How long until the case of an alert was closed."""
    rows = [
        Row(
            tier_words(group),
            [
                counts.cell(("alerts", group, "alerts")),
                counts.cell(("shut", group, SHUT)),
                counts.cell(("shut", group, STILL)),
                *counts.spread(found.shut[group], unit=MINUTE),
            ],
        )
        for group in GROUPS
    ]
    return Table(
        name="closed",
        title="From an alert to its case closed",
        first="Priority",
        columns=["Alerts", "Closed", "Not yet", *SPREAD],
        rows=rows,
        units=MINUTES,
    )
