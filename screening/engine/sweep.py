"""Hears what nobody heard: words kept by a process that died before reading them."""

import logging
from datetime import datetime, timedelta

from core.crypto import CannotRead
from screening.actions import turns
from screening.engine.hearing import raise_for_words
from screening.engine.values import Said
from screening.language import safety
from screening.models import Turn

log = logging.getLogger(__name__)
GRACE = timedelta(seconds=60)
BATCH = 100


def sweep_unheard(*, at: datetime) -> int:
    """Look for danger in words whose turn never ended; returns how many turns.

    A turn that crashed between its two commits has its words and no outcome.
    """
    unheard = (
        Turn.objects.filter(
            kind=Turn.Kind.WORDS, outcome={}, interpretation={}, at__lte=at - GRACE
        )
        .select_related("screening", "administration")
        .order_by("at", "id")[:BATCH]
    )
    return sum(_hear_guarded(turn, at=at) for turn in unheard)


def _hear_guarded(turn: Turn, *, at: datetime) -> int:
    """Search one turn; one that fails is reported, tried again, and holds up no other."""
    try:
        return _hear(turn, at=at)
    except Exception:
        log.exception("sweep: the words of turn %s were not searched", turn.id)
        return 0


def _hear(turn: Turn, *, at: datetime) -> int:
    """Search one turn. One that cannot be read is set aside and reported, so that
    it holds up no other."""
    position = turn.administration.position if turn.administration else -1
    said = Said(key=turn.key, position=position, link_id=turn.link_id)
    try:
        finding = safety.watch(turn.words, turn.screening.language)
        raise_for_words(turn.screening_id, said, finding, at=at)
        result = {"result": "Swept", "level": finding.level}
    except CannotRead:
        log.exception("sweep: the words of turn %s cannot be read", turn.id)
        result = {"result": "Unreadable"}
    # The outcome stays empty: if the patient sends it again, the turn goes on.
    turns.settle_turn(turn_id=turn.id, outcome={}, interpretation=result)
    return 1
