"""How many questions there may be, while answers that are still open decide it."""

from screening.domain import dialogue
from screening.domain.conditions import Answers, parse_condition
from screening.domain.dialogue import Sitting
from screening.domain.questionnaire import Instrument, Item


def most(sitting: Sitting) -> int:
    """How many items may have to be asked, whatever the open answers will be."""
    return sum(len(_may_be_asked(sitting, part)) for part in range(len(sitting.parts)))


def _may_be_asked(sitting: Sitting, part: int) -> tuple[Item, ...]:
    here, answers = sitting.parts[part], dialogue.answers_of(sitting, part)
    items = here.instrument.items
    if here.follows is not None:
        before = sitting.parts[here.follows.of]
        whole = dialogue.is_whole(sitting, part) or here.follows.reachable(
            before.instrument, before.answers
        )
        items = dialogue.of_longer(here.follows, items, whole=whole)
    blank = {step.link_id for step in sitting.blank if step.part == part}
    return tuple(
        item for item in items if _may_be_shown(item, here.instrument, answers, blank)
    )


def _may_be_shown(
    item: Item, instrument: Instrument, answers: Answers, blank: set[str]
) -> bool:
    """Whether an item is asked already, or an answer that is still open may show it."""
    if item.enable_when is None:
        return True
    condition = parse_condition(item.enable_when)
    scored = tuple(each.link_id for each in instrument.scored_items)
    return condition.holds(scored, answers) or any(
        link not in answers and link not in blank
        for link in (scored if condition.items is None else condition.items)
    )
