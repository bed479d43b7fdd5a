"""Which connecting line stands above a question: by its place, never by an answer.

Only the questionnaires are looked at, as they may be asked at most: two people with
other answers read the same line above the same question.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from screening.domain.dialogue import Part, Step

# Each language has at least one line of each, and as many as the others.
KINDS = ("first", "next", "new_stem", "last", "safety", "difficulty")
Lines = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a question stands among all that may be asked."""

    index: int
    last: bool
    scored: bool
    safety: bool
    new_stem: bool


def place_of(parts: Sequence[Part], step: Step) -> Place:
    """The place of one of the sitting's questions."""
    path = list(_path(parts))
    index = path.index(step)
    item = parts[step.part].instrument.item(step.link_id)
    before = [_stem(parts, each) for each in path[:index] if _stem(parts, each)]
    return Place(
        index=index,
        last=index == len(path) - 1,
        scored=item.scored,
        safety=item.safety,
        new_stem=bool(before) and before[-1] != _stem(parts, step),
    )


def _path(parts: Sequence[Part]) -> Iterator[Step]:
    """Every question that may be asked, none twice."""
    for index, part in enumerate(parts):
        if part.follows and part.follows.replaced:
            continue
        kept = part.follows.items if part.follows else ()
        for item in part.instrument.items:
            if item.link_id not in kept:
                yield Step(part=index, link_id=item.link_id)


def _stem(parts: Sequence[Part], step: Step) -> str:
    """The words before an item that make a question of it; an unscored one has none."""
    instrument = parts[step.part].instrument
    return instrument.instruction if instrument.item(step.link_id).scored else ""


def kind_of(place: Place, *, met: bool) -> str:
    """The kind of line, empty for none.

    `met`: the patient has been here before, or the page is shown again. Nothing
    begins or comes next there: only what is about the question itself holds.
    """
    if not place.scored:
        return "difficulty"
    if place.safety:
        return "safety"
    if place.last:
        return "last"
    if met:
        return ""
    if place.index == 0:
        return "first"
    return "new_stem" if place.new_stem else "next"


def line(lines: Lines, place: Place, *, met: bool) -> str:
    """The line for this place, empty for none; several of a kind take turns."""
    kind = kind_of(place, met=met)
    return lines[kind][place.index % len(lines[kind])] if kind else ""
