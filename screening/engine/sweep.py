"""Hears what nobody heard: words kept by a process that died before reading them."""

from datetime import datetime, timedelta

from screening.actions import turns
from screening.engine.values import Outcome, Said
from screening.engine.words import raise_for_words
from screening.language import safety
from screening.models import Turn

GRACE = timedelta(seconds=60)
BATCH = 100


def sweep_unheard(*, at: datetime) -> int:
    """Look for danger in words whose turn never ended; returns how many turns.

    A turn that crashed between its two commits has its words and no outcome.
    """
    unheard = Turn.objects.filter(
        kind=Turn.Kind.WORDS, outcome={}, at__lte=at - GRACE
    ).select_related("screening", "administration")[:BATCH]
    return sum(_hear(turn, at=at) for turn in unheard)


def _hear(turn: Turn, *, at: datetime) -> int:
    finding = safety.find(turn.words, turn.screening.language)
    position = turn.administration.position if turn.administration else 0
    said = Said(key=turn.key, position=position, link_id=turn.link_id)
    raise_for_words(turn.screening_id, said, finding, at=at)
    outcome = Outcome(to="question", position=position, link_id=turn.link_id, number=1)
    turns.settle_turn(
        turn_id=turn.id,
        outcome=outcome.to_dict(),
        interpretation={"result": "Swept", "level": finding.level},
    )
    return 1
