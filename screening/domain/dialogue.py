"""What was said so far to the next move: ask, confirm or review."""

from dataclasses import dataclass

from screening.domain.conditions import Answers
from screening.domain.questionnaire import Instrument
from screening.domain.scoring import visible_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One instrument of the sitting and its current answers."""

    instrument: Instrument
    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One item of one part."""

    part: int
    link_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An answer we think was meant; None means "prefer not to answer"."""

    part: int
    link_id: str
    value: int | None
    words_turn: str

    @property
    def step(self) -> Step:
        return Step(part=self.part, link_id=self.link_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """All that the next move depends on."""

    parts: tuple[Part, ...]
    proposal: Proposal | None = None
    # Left blank on a form that staff enter: there is nothing to ask for.
    blank: frozenset[Step] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask this item: number n of so many."""

    step: Step
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Ask whether we understood; nothing counts before that."""

    proposal: Proposal
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Show all answers before they are sent."""


Move = Ask | Confirm | Review


def steps(sitting: Sitting) -> tuple[Step, ...]:
    """All items to be asked, part after part."""
    return tuple(
        Step(part=index, link_id=item.link_id)
        for index, part in enumerate(sitting.parts)
        for item in visible_items(part.instrument, part.answers)
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


def next_move(sitting: Sitting, *, at_step: Step | None = None) -> Move:
    """An open proposal first, then the item asked for, then the first open one.

    A proposal or step that is no longer among the steps is passed over.
    """
    path = steps(sitting)
    proposal = sitting.proposal
    if proposal is not None and proposal.step in path:
        at, of = number(sitting, proposal.step)
        return Confirm(proposal=proposal, number=at, of=of)
    step = at_step if at_step in path else first_open(sitting)
    if step is None:
        return Review()
    at, of = number(sitting, step)
    return Ask(step=step, number=at, of=of)
