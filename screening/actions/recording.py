"""Stores answers that were given elsewhere, by the same rules as the pages."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from core.audit import Actor
from core.models import Patient
from screening import definitions
from screening.actions import chain, rejudging
from screening.actions.flagging import raise_flags
from screening.actions.starting import start_screening
from screening.actions.submitting import submit
from screening.domain import flags, scoring
from screening.models import Administration, Answer, Screening
from screening.models.sitting import Sitting, load


@transaction.atomic
def record_answers(
    *,
    patient: Patient,
    instrument_id: str,
    language: str,
    answers: Mapping[str, int | None],
    by: Actor,
    at: datetime,
    answered_at: datetime | None = None,
    origin: str = Answer.Origin.IMPORTED,
) -> Screening:
    """Store one administration that is finished, complete or not, and score it.

    `answered_at`: when the patient answered, where that is known; what was scored since
    is judged again, as after a form that comes in late. Raises AnswerRefused for an
    item or value that the instrument does not have.
    """
    screening = start_screening(
        patient=patient,
        battery=[instrument_id],
        language=language,
        origin=Screening.Origin.IMPORT,
        by=by,
        at=at,
    )
    sitting = load(screening.id, lock=True)
    sitting.screening.answered_at = answered_at
    _store(sitting, answers, origin=origin, by=by, at=at)
    later = _later(sitting.screening, instrument_id)
    submit(sitting, by=by, at=at, answers={0: dict(answers)})
    rejudging.judge_again(later, by=by, at=at)
    return sitting.screening


def _later(screening: Screening, instrument_id: str) -> list[Administration]:
    if screening.answered_at is None:
        return []
    return rejudging.lock_later(
        screening.patient_id, {instrument_id}, after=screening.answered_at
    )


def _store(
    sitting: Sitting,
    answers: Mapping[str, int | None],
    *,
    origin: str,
    by: Actor,
    at: datetime,
) -> None:
    screening, administration = sitting.screening, sitting.administration(0)
    instrument = administration.instrument
    rows: list[Answer] = []
    raised: list[flags.RaisedFlag] = []
    for seq, (link_id, value) in enumerate(answers.items(), start=1):
        if value is not None:
            scoring.check_value(instrument, link_id, value)
        rows.append(
            Answer(
                screening=screening,
                administration=administration,
                seq=seq,
                link_id=link_id,
                value=value,
                declined=value is None,
                origin=origin,
                at=at,
            )
        )
        raised += flags.on_answer(definitions.flag_rules(), instrument, link_id, value)
    Answer.objects.bulk_create(rows)
    screening.turn_seq = len(rows)
    screening.started_at = at if rows else None
    chain.note(screening, "IMPORTED", by=by, at=at, detail={"answers": len(rows)})
    raise_flags(screening, raised, administration=administration, by=by, at=at)
    chain.save(screening, "turn_seq", "started_at", "answered_at")
