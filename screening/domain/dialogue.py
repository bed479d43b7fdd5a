"""What is asked in a sitting: which items, in which order, and which is still open."""

from dataclasses import dataclass

from screening.domain.conditions import Answers
from screening.domain.questionnaire import Instrument, Item
from screening.domain.scoring import visible_items
from screening.domain.stepping import Follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One instrument of the sitting and its current answers.

    `follows`: the answers of an earlier part decide how much of it is asked.
    """

    instrument: Instrument
    answers: Answers
    follows: Follows | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One item of one part."""

    part: int
    link_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """All that the way through it depends on."""

    parts: tuple[Part, ...]
    # Left blank on a form that staff enter: there is nothing to ask for.
    blank: frozenset[Step] = frozenset()


def is_whole(sitting: Sitting, part: int) -> bool:
    """Whether a part is asked in full: the earlier one led to it, or it has begun.

    What was begun is completed, whatever becomes of the answers that led to it.
    """
    here = sitting.parts[part]
    follows = here.follows
    if follows is None or set(here.answers) - set(follows.always) - set(follows.items):
        return True
    return follows.reached(sitting.parts[follows.of].answers)


def answers_of(sitting: Sitting, part: int) -> Answers:
    """The answers that count for a part, those kept from an earlier one among them."""
    here = sitting.parts[part]
    if here.follows is None:
        return here.answers
    return {
        **here.follows.kept(sitting.parts[here.follows.of].answers),
        **here.answers,
    }


def asked_items(sitting: Sitting, part: int) -> tuple[Item, ...]:
    """The items of one part that are asked, given what was answered so far."""
    here = sitting.parts[part]
    visible = visible_items(here.instrument, answers_of(sitting, part))
    if here.follows is None:
        return visible
    return of_longer(here.follows, visible, whole=is_whole(sitting, part))


def of_longer(
    follows: Follows, items: tuple[Item, ...], *, whole: bool
) -> tuple[Item, ...]:
    """What of a longer form is left to ask: nothing that was asked before it."""
    return tuple(
        item
        for item in items
        if item.link_id not in follows.items
        and (whole or item.link_id in follows.always)
    )


def steps(sitting: Sitting) -> tuple[Step, ...]:
    """All items to be asked, part after part."""
    return tuple(
        Step(part=index, link_id=item.link_id)
        for index in range(len(sitting.parts))
        for item in asked_items(sitting, index)
    )


def number(sitting: Sitting, step: Step) -> tuple[int, int]:
    """Question n of N; the step must be one of the sitting's."""
    path = steps(sitting)
    return path.index(step) + 1, len(path)


def first_open(sitting: Sitting) -> Step | None:
    """The first item with no answer, no "prefer not to answer", and not left blank."""
    for step in steps(sitting):
        answered = step.link_id in sitting.parts[step.part].answers
        if not answered and step not in sitting.blank:
            return step
    return None


def after(sitting: Sitting, step: Step) -> Step | None:
    """The step that follows, None at the end."""
    path = steps(sitting)
    following = path[path.index(step) + 1 :]
    return following[0] if following else None


def before(sitting: Sitting, step: Step) -> Step | None:
    """The step to go back to, None at the beginning."""
    path = steps(sitting)
    index = path.index(step)
    return path[index - 1] if index else None
