"""A case with everything on it: words, a question, changes, an amendment, a contact."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from clinicians.actions import claim, record_contact
from screening.models import (
    Administration,
    Amendment,
    Answer,
    Episode,
    PastScore,
    Score,
    Turn,
)
from tests.cast import NOW, Cast

NINE = "/44260-8"
FIRST = "/44250-9"
WORDS = "most mornings <b>really</b>"
PLAIN = "Being told something in plainer words."
EXPLAINED = "It asks about the last two weeks."


def told_case(cast: Cast) -> Episode:
    """Submitted, amended once, owned by Alice, who has rung the patient."""
    episode = cast.flagged()
    part = Administration.objects.get(screening__flags__episode=episode)
    sitting = part.screening
    sitting.status = "COMPLETED"
    sitting.consented_at = NOW - timedelta(minutes=9)
    sitting.started_at = NOW - timedelta(minutes=8)
    sitting.completed_at = sitting.closed_at = NOW
    sitting.save()
    typed = words(part, "said", WORDS, {"to": "confirm", "values": [2]})
    asked = words(part, "asked", "what is this about?", {"to": "clarified"})
    asked.reply, asked.interpretation = EXPLAINED, {"source": "model"}
    asked.save()
    shown = {"wordings": [f"turn:{asked.id}", "x@1"], "texts": {"x@1": PLAIN}}
    for number, item in enumerate(part.instrument.items):
        answer(part, item.link_id, 1, seq=number + 1, seconds=1, shown=shown)
    answer(part, FIRST, 2, seq=20, origin="CONFIRMED", turn=typed)
    answer(part, NINE, 0, seq=21, seconds=4)
    amended = answer(part, NINE, 1, seq=22, origin="STAFF")
    Amendment.objects.create(
        administration=part,
        answer=amended,
        replaced=Answer.objects.get(seq=21, administration=part),
        reason="She meant the second line.",
        by=cast.bob,
        at=NOW + timedelta(hours=1),
    )
    scored(part)
    claim(episode=episode, by=cast.alice, at=NOW + timedelta(minutes=5))
    record_contact(
        episode=episode,
        outcome="no-answer",
        text="Rang twice.",
        by=cast.alice,
        at=NOW + timedelta(minutes=6),
    )
    episode.refresh_from_db()
    return episode


def words(part: Administration, key: str, text: str, outcome: dict[str, Any]) -> Turn:
    return Turn.objects.create(
        screening=part.screening,
        administration=part,
        link_id=FIRST,
        key=key,
        kind=Turn.Kind.WORDS,
        words=text,
        outcome=outcome,
        at=NOW,
    )


def answer(part: Administration, link: str, value: int, **fields) -> Answer:
    given = {"origin": "TAPPED", "at": NOW, **fields}
    return Answer.objects.create(
        screening=part.screening,
        administration=part,
        link_id=link,
        value=value,
        **given,
    )


def scored(part: Administration) -> None:
    found = {
        "clinic": part.screening.clinic,
        "patient": part.screening.patient,
        "instrument_id": "phq-9",
        "total": Decimal(10),
        "band": part.instrument.bands[2].label,
        "complete": True,
        "at_cut": True,
        "detail": {"band": part.instrument.bands[2].label, "missing": []},
    }
    Score.objects.create(administration=part, at=NOW, version=2, **found)
    PastScore.objects.create(
        administration=part,
        version=1,
        total=Decimal(9),
        band=part.instrument.bands[1].label,
        detail={},
        scored_at=NOW,
        at=NOW + timedelta(hours=1),
    )
