"""Keeps the answers to a short form for its longer one, given once and stored as kept."""

from datetime import datetime

from core.audit import Actor
from screening.actions import chain
from screening.domain import dialogue
from screening.domain.stepping import Follows
from screening.models import Answer
from screening.models.sitting import Given, Sitting


def keep_answers(sitting: Sitting, *, by: Actor, at: datetime) -> None:
    """Store at each longer form that was asked in full what its short form asked.

    At the submit, and not before: until then the answers may be changed, in the one
    place where they were given. Runs inside the caller's transaction.
    """
    view = sitting.dialogue()
    for position, part in enumerate(view.parts):
        if part.follows is None or not dialogue.is_whole(view, position):
            continue
        rows = _rows(sitting, position, part.follows)
        if not rows:
            continue
        Answer.objects.bulk_create(rows)
        chain.note(
            sitting.screening,
            "ANSWERS_KEPT",
            by=by,
            at=at,
            object_type="administration",
            object_id=sitting.administration(position).id,
            detail={
                "from": sitting.instrument(part.follows.of).id,
                "items": [row.link_id for row in rows],
            },
        )


def _rows(sitting: Sitting, position: int, follows: Follows) -> list[Answer]:
    """The answers as they count now, each with the turn in which it was said."""
    screening, given = sitting.screening, sitting.given.get(follows.of, {})
    rows = []
    for link_id in follows.items:
        if link_id not in given:
            continue
        screening.turn_seq += 1
        rows.append(_row(sitting, position, follows.of, link_id, given[link_id]))
        kept = Given(
            screening.turn_seq,
            given[link_id].value,
            Answer.Origin.KEPT,
            given[link_id].turn_id,
            given[link_id].at,
            given[link_id].asked_as,
        )
        sitting.given.setdefault(position, {})[link_id] = kept
    return rows


def _row(
    sitting: Sitting, position: int, short: int, link_id: str, given: Given
) -> Answer:
    return Answer(
        screening=sitting.screening,
        administration=sitting.administration(position),
        seq=sitting.screening.turn_seq,
        link_id=link_id,
        value=given.value,
        declined=given.value is None,
        origin=Answer.Origin.KEPT,
        turn_id=given.turn_id,
        shown={"kept": {"from": sitting.instrument(short).id, "seq": given.seq}},
        asked_as_id=given.asked_as,
        at=given.at,
    )
