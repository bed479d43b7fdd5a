"""Flag quality: what each rule's flags led to, and how much of a day they take."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clinicians.definitions import figures_policy, review_policy
from clinicians.presenters.figures.cells import HIDDEN, Cell, Counts, Row, Table
from clinicians.presenters.figures.counts import Ended
from clinicians.presenters.figures.groups import Links
from clinicians.workflow.hiding import Key, Sum
from screening.definitions import flag_rules

ACTED, NOT, UNTOLD, OPEN = "acted", "not", "untold", "open"
RESULTS: Mapping[str, str] = {
    ACTED: "Led to action",
    NOT: "Led to none",
    UNTOLD: "Cannot be told",
    OPEN: "Still open",
}
Rule = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Quality:
    """The flags of each rule, counted; `ends`: those that happened, in their order."""

    counts: Counts
    titles: Mapping[Rule, str]
    ends: Mapping[Rule, tuple[str, ...]]


def quality(found: Iterable[Ended], *, smallest: int) -> Quality:
    """Add up how the cases of the flags ended, by rule and version."""
    titles = {(rule.id, rule.version): rule.title for rule in flag_rules()}
    ended: Counter[tuple[Rule, str]] = Counter()
    for row in found:
        rule = (row.rule, row.version)
        titles.setdefault(rule, row.title)
        ended[rule, row.end or OPEN] += row.n
    values: dict[Key, int] = {}
    sums: list[Sum] = []
    ends: dict[Rule, tuple[str, ...]] = {}
    for rule in titles:
        mine = {end: n for (whose, end), n in ended.items() if whose == rule}
        ends[rule] = tuple(end for end in mine if end != OPEN)
        _count(rule, mine, values, sums)
    return Quality(Counts(values, sums, smallest=smallest), titles, ends)


def _count(
    rule: Rule, ended: Mapping[str, int], values: dict[Key, int], sums: list[Sum]
) -> None:
    """A rule's flags are its results, and each result the ends that stand for it."""
    values[rule, "flags"] = sum(ended.values())
    values.update({(rule, result): 0 for result in RESULTS})
    by_result: dict[str, list[Key]] = {ACTED: [], NOT: [], UNTOLD: []}
    for end, n in ended.items():
        result = _result(end)
        values[rule, result] += n
        if result != OPEN:
            values[rule, f"end {end}"] = n
            by_result[result].append((rule, f"end {end}"))
    results = tuple((rule, result) for result in RESULTS)
    sums.append(Sum((rule, "flags"), results))
    sums += [Sum((rule, result), tuple(k)) for result, k in by_result.items() if k]


def _result(end: str) -> str:
    """What an end tells; one that is no longer offered tells nothing."""
    if end == OPEN:
        return OPEN
    chosen = review_policy().disposition(end)
    told = chosen.led_to_action if chosen else None
    return {True: ACTED, False: NOT, None: UNTOLD}[told]


def rule_table(found: Quality, links: Links, *, days: int, reads: bool) -> Table:
    """One row a rule and version: whether its flags are worth a look."""
    counts = found.counts
    rows = []
    for rule, title in found.titles.items():
        if not counts.values[rule, "flags"]:
            continue
        href = links.queue(rule=rule[0]) if reads else ""
        rows.append(
            Row(
                title,
                [
                    counts.cell((rule, "flags")),
                    *(
                        counts.cell((rule, name), href=href if name == OPEN else "")
                        for name in RESULTS
                    ),
                    _share(counts, rule),
                    counts.per((rule, "flags"), days),
                    _fixed(rule[0]),
                ],
                soft=f"{rule[0]}, version {rule[1]}",
            )
        )
    return Table(
        name="rules",
        title="What each rule’s flags led to",
        first="Rule",
        columns=[
            *("Flags", *RESULTS.values(), "Share that led to action"),
            *("Flags a clinician-day", "Can be turned off"),
        ],
        rows=rows,
        units={"Share that led to action": "%"},
    )


def _share(counts: Counts, rule: Rule) -> Cell:
    """With a warning where few were judged: they say little, whatever their share."""
    cell, few = counts.judged((rule, ACTED), (rule, NOT)), figures_policy().few
    judged = counts.values[rule, ACTED] + counts.values[rule, NOT]
    if cell.text == HIDDEN or not 0 < judged < few:
        return cell
    return replace(cell, soft=f"Fewer than {few} judged: read with caution")


def _fixed(rule: str) -> Cell:
    fixed = rule in figures_policy().fixed_rules
    words = "Never" if fixed else "Only with sign-off"
    return Cell(words, words)


def end_table(found: Quality) -> Table:
    """How the cases of each rule's flags were closed."""
    rows = [
        Row(
            title,
            [Cell(_end(end), _end(end)), found.counts.cell((rule, f"end {end}"))],
            soft=f"{rule[0]}, version {rule[1]}",
        )
        for rule, title in found.titles.items()
        for end in sorted(found.ends[rule], key=_place)
    ]
    return Table(
        name="ends",
        title="How the cases of these flags were closed",
        first="Rule",
        columns=["Closed as", "Flags"],
        rows=rows,
    )


def _place(end: str) -> int:
    known = [one.id for one in review_policy().dispositions]
    return known.index(end) if end in known else len(known)


def _end(end: str) -> str:
    chosen = review_policy().disposition(end)
    return chosen.label if chosen else end


def silent_rules(found: Quality) -> list[str]:
    """Rules of today that raised nothing."""
    return [
        rule.title
        for rule in flag_rules()
        if not found.counts.values[(rule.id, rule.version), "flags"]
    ]


def fixed_rules() -> list[str]:
    """The rules that can never be turned off."""
    fixed = figures_policy().fixed_rules
    return [rule.title for rule in flag_rules() if rule.id in fixed]
