"""The table of a run, and the rows of whatever is missing."""

from collections import Counter
from collections.abc import Iterator

from tests.soak.run import Result

MOST_ROWS = 40


def table(result: Result) -> str:
    """The run in lines; the faults with their rows beneath."""
    lines = [f"{name:<34}{value}" for name, value in _figures(result)]
    faults = result.verdict.faults
    lines += [f"  {fault.kind}: {fault.row}" for fault in faults[:MOST_ROWS]]
    if len(faults) > MOST_ROWS:
        lines.append(f"  … and {len(faults) - MOST_ROWS} more")
    return "\n".join(lines)


def _figures(result: Result) -> Iterator[tuple[str, object]]:
    facts, verdict, rows = result.facts, result.verdict, result.facts.rows
    succeeded = [post for post in facts.posted if post.succeeded]
    rules = Counter(flag.rule for flag in rows.flags)
    yield "seed", result.size.seed
    yield "screenings", _counted(Counter(rows.screenings.values()))
    yield "patients", _counted(result.ledger.kinds)
    yield "answers that clients were told of", len(succeeded)
    yield "answers committed", len(rows.answers)
    yield "kills", f"{sum(result.kills.values())}: {_counted(Counter(result.kills))}"
    yield "retries by clients", result.ledger.retries
    yield "failure pages that kept the form", result.ledger.offered
    yield "refused or cut off by receivers", result.taken.refusals
    yield "flags", f"{len(rows.flags)}: {_counted(rules)}"
    yield "cases", _counted(Counter(one.status for one in rows.episodes))
    yield "what happened to them", _counted(_happened(result))
    missing = sum(fault.kind == "missing step" for fault in verdict.faults)
    yield (
        "steps of the ladder due, taken",
        f"{verdict.steps + missing}, {verdict.steps}",
    )
    yield (
        "latest step, by the moved clock",
        f"{verdict.latest.total_seconds() / 60:.1f} min",
    )
    yield "notices recorded", f"{len(rows.notices)}: {_counted(_ends(result))}"
    yield "messages that arrived", len(facts.deliveries)
    yield "second copies, under the same key", verdict.duplicates
    yield "seconds", f"{result.seconds:.0f}"
    yield "lost, missing, doubled, wrong", verdict.lost


def _happened(result: Result) -> Counter[str]:
    """What people did, and what came back because they went no further."""
    kinds = (event.kind for one in result.facts.rows.episodes for event in one.events)
    return Counter(kind.lower() for kind in kinds if kind != "ESCALATED")


def _ends(result: Result) -> Counter[str]:
    def end(sent: bool, stopped: bool) -> str:
        return "sent" if sent else "stopped by a claim" if stopped else "nobody there"

    return Counter(end(n.sent, n.stopped) for n in result.facts.rows.notices)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
