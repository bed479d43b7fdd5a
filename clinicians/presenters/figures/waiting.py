"""The table of what waits at this moment."""

from collections import Counter
from datetime import timedelta

from clinicians.definitions import figures_policy
from clinicians.presenters.figures.cells import Counts, Row, Table
from clinicians.presenters.figures.groups import GROUPS, Links, across, tier_words
from clinicians.presenters.times import length
from clinicians.workflow.hiding import Sum


def ages() -> dict[str, str]:
    """The ages of open cases, by their place in the counts."""
    hours = [timedelta(hours=hour) for hour in figures_policy().age_hours]
    words = [length(span) for span in hours]
    found = {"age_0": f"Under {words[0]}"}
    for place, (newer, older) in enumerate(zip(words, words[1:], strict=False)):
        found[f"age_{place + 1}"] = f"{newer} to {older}"
    return {**found, "age_over": f"Over {words[-1]}"}


def open_table(
    found: Counter[tuple[str, str]], links: Links, *, smallest: int
) -> Table:
    """What waits now. Whoever sees the queue can count it there."""
    columns = {"open": "Open", **ages(), "overdue": "Overdue", "unowned": "Unowned"}
    every = [*columns, "ahead", "owned"]
    sums = list(across("open", every))
    for group in GROUPS:
        for parts in (tuple(ages()), ("overdue", "ahead"), ("unowned", "owned")):
            keys = tuple(("open", group, part) for part in parts)
            sums.append(Sum(("open", group, "open"), keys))
    values = {("open", g, name): found[g, name] for g in GROUPS for name in every}
    counts = Counts(values, sums, smallest=smallest)
    more = {"open": {}, "overdue": {"overdue": "1"}, "unowned": {"owner": "unowned"}}
    rows = []
    for group in GROUPS:
        cells = [
            counts.cell(
                ("open", group, name),
                href=links.queue(group, **more[name]) if name in more else "",
            )
            for name in columns
        ]
        rows.append(Row(tier_words(group), cells))
    return Table(
        name="open",
        heading="At this moment",
        title="Open now, by priority and age",
        first="Priority",
        columns=list(columns.values()),
        rows=rows,
        notes=("Whatever the days above. Age runs from the first flag.",),
    )
