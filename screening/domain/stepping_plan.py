"""What a battery asks at a clinic where short forms decide whether longer ones follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from screening.domain.questionnaire import Instrument
from screening.domain.stepping import Follows
from screening.domain.stepping_rules import StepRule, same_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One instrument that a sitting is to have, and how it follows, if it does."""

    instrument: Instrument
    follows: Follows | None = None


def plan(
    battery: Sequence[Instrument],
    rules: Iterable[StepRule],
    longer: Mapping[str, Instrument],
    *,
    always: bool,
) -> list[Planned]:
    """The battery with each longer form right after its short one.

    `longer`: the forms there are in this language, by id. `always` false: what is
    asked below the cut too is left out. A longer form that was chosen as well is
    asked whole; its first answers are kept all the same.
    """
    planned = [Planned(instrument=each) for each in battery]
    for rule in rules:
        names = [each.instrument.id for each in planned]
        long = longer.get(rule.long)
        if rule.short not in names or long is None:
            continue
        of = names.index(rule.short)
        if not same_words(planned[of].instrument, long, rule.items):
            continue
        kept = rule if always else replace(rule, always=())
        if rule.long in names:
            _keep_answers(planned, kept, of, names.index(rule.long))
        else:
            _insert(planned, kept, of, long)
    return planned


def _keep_answers(planned: list[Planned], rule: StepRule, of: int, at: int) -> None:
    """Ask a longer form whole that was chosen as well, but nothing of it twice."""
    if at > of and planned[at].follows is None:
        whole = replace(rule, cut=0, always=())
        planned[at] = replace(planned[at], follows=_follows(whole, of))


def _insert(planned: list[Planned], rule: StepRule, of: int, long: Instrument) -> None:
    at = _behind(planned, of)
    _make_room(planned, at)
    planned.insert(at, Planned(instrument=long, follows=_follows(rule, of)))


def _behind(planned: Sequence[Planned], of: int) -> int:
    """The place behind a short form and what follows from it already."""
    at = of + 1
    while at < len(planned):
        follows = planned[at].follows
        if follows is None or follows.of != of:
            break
        at += 1
    return at


def _make_room(planned: list[Planned], at: int) -> None:
    """Count on by one what points behind the place that is about to be filled."""
    for index, each in enumerate(planned):
        if each.follows is not None and each.follows.of >= at:
            moved = replace(each.follows, of=each.follows.of + 1)
            planned[index] = replace(each, follows=moved)


def _follows(rule: StepRule, of: int) -> Follows:
    return Follows(
        of=of,
        items=rule.items,
        cut=rule.cut,
        declined=rule.declined,
        always=rule.always,
        version=rule.version,
    )
