"""Reads from the stored turns and answers how a questionnaire was filled in."""

from collections.abc import Sequence

from clinicians.definitions import caution_policy
from clinicians.workflow.caution import Conduct, ItemConduct, cautions
from screening.domain.instruments import Instrument, Item
from screening.models import Answer, Turn

BY_PATIENT = (Answer.Origin.TAPPED, Answer.Origin.CONFIRMED)


def caution_texts(
    instrument: Instrument, answers: Sequence[Answer], turns: Sequence[Turn]
) -> list[str]:
    """Why these answers are to be read with caution; empty where nothing is unusual.

    Only what the patient did on a page counts: staff who enter a form, or put an
    answer right, have a speed and changes of their own.
    """
    conduct = conduct_of(instrument, answers, turns)
    return [one.text for one in cautions(conduct, caution_policy())]


def basis() -> str:
    """By which thresholds, and whether anybody qualified has looked at them."""
    policy = caution_policy()
    return f"Thresholds {policy.version}, {policy.review_state}."


def conduct_of(
    instrument: Instrument, answers: Sequence[Answer], turns: Sequence[Turn]
) -> Conduct:
    """How the patient filled it in; what was entered or imported is left out."""
    given = sorted(
        (row for row in answers if row.origin in BY_PATIENT), key=lambda row: row.seq
    )
    items = [_item(item, given, turns) for item in instrument.items]
    span = (given[-1].at - given[0].at).total_seconds() if given else 0
    return Conduct(
        items=tuple(item for item in items if item.values or item.questions),
        span=max(int(span), 0),
    )


def _item(item: Item, given: Sequence[Answer], turns: Sequence[Turn]) -> ItemConduct:
    mine = [row for row in given if row.link_id == item.link_id]
    # A confirmed answer took the time of the words before it, not of its own page.
    timed = [row.seconds for row in mine if row.origin == Answer.Origin.TAPPED]
    asked = [
        turn
        for turn in turns
        if turn.link_id == item.link_id and turn.outcome.get("to") == "clarified"
    ]
    return ItemConduct(
        number=item.number,
        values=tuple(row.value for row in mine),
        seconds=tuple(seconds for seconds in timed if seconds is not None),
        questions=len(asked),
        safety=item.safety,
    )
