"""Which short forms lead on to longer ones: the rules as data, strictly read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from screening.domain.questionnaire import AnswerRefused, Instrument, Item
from screening.domain.reading import DefinitionError, Reader, read_review


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """A short form, its longer one, and from which sum of which items that follows.

    `alone`: whether the longer one is asked whole in a language that has no short one.
    """

    short: str
    long: str
    items: tuple[str, ...]
    cut: int
    declined: bool
    always: tuple[str, ...]
    version: str
    alone: bool = True


def same_words(short: Instrument, long: Instrument, items: Iterable[str]) -> bool:
    """Whether an answer given there is an answer to the very same question here."""
    return short.instruction == long.instruction and all(
        _asked(short.item(link)) == _asked(long.item(link)) for link in items
    )


def _asked(item: Item) -> tuple[Any, ...]:
    return item.text, [(option.value, option.text) for option in item.options]


def build_stepping(data: object, *, file: str) -> tuple[StepRule, ...]:
    """Read the file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "steps", "longer_where_no_short"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    version = reader.text("version")
    alone = reader.truth("longer_where_no_short")
    return tuple(_read_step(one, version, alone) for one in reader.children("steps"))


def _read_step(
    reader: Reader,
    version: str,
    alone: bool,  # noqa: FBT001
) -> StepRule:
    reader.only("short", "long", "items", "cut", "declined", "always")
    if not reader.texts("items"):
        raise reader.refusal("needs at least one item", "items")
    if reader.integer("cut") < 1:
        raise reader.refusal("must be at least 1", "cut")
    return StepRule(
        short=reader.text("short"),
        long=reader.text("long"),
        items=reader.texts("items"),
        cut=reader.integer("cut"),
        declined=reader.truth("declined"),
        always=reader.texts("always"),
        version=version,
        alone=alone,
    )


def check_stepping(
    rules: Iterable[StepRule], instruments: Iterable[Instrument], *, file: str
) -> Iterator[DefinitionError]:
    """Steps that lead nowhere, ask other words, or leave a safety item out."""
    found = {(each.id, each.language): each for each in instruments}
    for rule in rules:
        place = f"steps {rule.short} {rule.long}"
        languages = [lang for name, lang in found if name == rule.short]
        if not languages:
            yield DefinitionError(file, place, f"no instrument {rule.short}")
        for language in languages:
            short, long = found[rule.short, language], found.get((rule.long, language))
            if long is None:
                reason = f"no {rule.long} in {language}"
                yield DefinitionError(file, place, reason)
                continue
            for reason in _faults(rule, short, long):
                yield DefinitionError(file, place, reason)


def _faults(rule: StepRule, short: Instrument, long: Instrument) -> Iterator[str]:
    try:
        same = same_words(short, long, rule.items)
        highest = sum(
            max(option.value for option in short.item(link).options)
            for link in rule.items
        )
    except AnswerRefused as error:
        yield str(error)
        return
    if not same:
        yield "the two forms ask in other words"
    if rule.cut > highest:
        yield f"the cut of {rule.cut} is beyond {highest}"
    safety = {item.link_id for item in long.items if item.safety}
    if safety - set(rule.always):
        yield "a safety item is not among those asked all the same"
    asked = {item.link_id for item in short.items}
    if asked & set(rule.always):
        yield "an item asked all the same is in the short form already"
