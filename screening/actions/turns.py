"""The writes of one turn."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from screening.actions import chain
from screening.actions.flagging import raise_flags
from screening.domain.flags import RaisedFlag
from screening.models import Answer, Definition, Screening, Turn
from screening.models.sitting import Sitting


@dataclass(frozen=True, kw_only=True)
class NewAnswer:
    """What is to be stored as the answer to one item. `value` None = declined."""

    position: int
    link_id: str
    value: int | None
    origin: str
    shown: Mapping[str, Any]
    seconds: int | None
    asked_as: Definition | None = None


def keep_turn(
    sitting: Sitting,
    *,
    key: str,
    kind: str,
    position: int | None,
    link_id: str,
    words: str,
    digest: str,
    at: datetime,
    outcome: Mapping[str, Any] | None = None,
) -> Turn:
    """Store what was said, before anything is made of it."""
    administration = None if position is None else sitting.administration(position)
    return Turn.objects.create(
        screening=sitting.screening,
        administration=administration,
        link_id=link_id,
        key=key,
        digest=digest,
        kind=kind,
        words=words,
        outcome=dict(outcome or {}),
        at=at,
    )


def note_words(sitting: Sitting, *, turn_id: uuid.UUID, at: datetime) -> None:
    """Audit that words were kept (never the words)."""
    chain.note(
        sitting.screening,
        "WORDS_KEPT",
        by=Actor.patient(sitting.screening.patient_id),
        at=at,
        object_type="turn",
        object_id=turn_id,
    )
    chain.save(sitting.screening)


def settle_turn(
    *,
    turn_id: uuid.UUID,
    outcome: Mapping[str, Any],
    interpretation: Mapping[str, Any] | None = None,
) -> None:
    """Say where a turn led, so that a replay leads there too."""
    Turn.objects.filter(id=turn_id).update(
        outcome=dict(outcome), interpretation=dict(interpretation or {})
    )


def settle_reply(
    *,
    turn_id: uuid.UUID,
    outcome: Mapping[str, Any],
    interpretation: Mapping[str, Any],
    reply: str,
) -> None:
    """Settle a question, keeping the explanation exactly as it is shown."""
    turn = Turn.objects.get(id=turn_id)
    turn.outcome, turn.interpretation = dict(outcome), dict(interpretation)
    turn.reply = reply
    turn.save(update_fields=["outcome", "interpretation", "reply"])


def store_answer(
    sitting: Sitting,
    answer: NewAnswer,
    *,
    turn_id: uuid.UUID,
    by: Actor,
    at: datetime,
) -> Answer:
    """Add an answer to the history and move the screening on."""
    screening = sitting.screening
    screening.turn_seq += 1
    if screening.started_at is None:
        screening.started_at = at
        screening.status = Screening.Status.IN_PROGRESS
    row = Answer.objects.create(
        screening=screening,
        administration=sitting.administration(answer.position),
        seq=screening.turn_seq,
        link_id=answer.link_id,
        value=answer.value,
        declined=answer.value is None,
        origin=answer.origin,
        turn_id=turn_id,
        shown=dict(answer.shown),
        asked_as=answer.asked_as,
        seconds=answer.seconds,
        at=at,
    )
    chain.note(
        screening,
        "ANSWERED",
        by=by,
        at=at,
        object_type="answer",
        object_id=row.id,
        detail={"item": answer.link_id, "origin": answer.origin},
    )
    return row


def raise_in_turn(
    sitting: Sitting,
    raised: tuple[RaisedFlag, ...],
    *,
    position: int | None,
    by: Actor,
    at: datetime,
    source: str = "RULE",
) -> bool:
    """Raise flags inside a turn; returns whether any of them was new."""
    administration = None if position is None else sitting.administration(position)
    return bool(
        raise_flags(
            sitting.screening,
            raised,
            administration=administration,
            by=by,
            at=at,
            source=source,
        )
    )


def close_turn(sitting: Sitting) -> None:
    """Save the screening's row: its progress and the head of its audit chain."""
    chain.save(sitting.screening, "turn_seq", "started_at", "status")
