"""Submitting: the one moment at which answers become scores."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from core.audit import Actor
from core.models import same_person
from screening import definitions
from screening.actions import chain
from screening.actions.flagging import raise_flags
from screening.actions.keeping import keep_answers
from screening.domain import dialogue, flags, scoring
from screening.models import Administration, Score, Screening
from screening.models.sitting import Sitting


def history(
    screening: Screening, instrument_id: str, *, before: datetime | None = None
) -> list[flags.PastScore]:
    """Return the patient's earlier complete totals, oldest first, from all records.

    `before`: when the answers were given, where that is not now.
    """
    records = same_person(screening.patient_id).values("id")
    rows = Score.objects.filter(
        patient_id__in=records,
        instrument_id=instrument_id,
        complete=True,
        administration__screening__retracted_at=None,
    ).order_by("at")
    if before is not None:
        rows = rows.filter(at__lt=before)
    return [
        flags.PastScore(
            instrument=instrument_id, total=int(total), complete=True, at=at
        )
        for total, at in rows.values_list("total", "at")
        if total is not None
    ]


def judge(
    administration: Administration,
    answers: Mapping[str, int | None],
    *,
    done: Collection[str],
    before: datetime | None,
) -> tuple[scoring.Score, tuple[flags.RaisedFlag, ...]]:
    """Return what these answers add up to, and what that raises."""
    screening, instrument = administration.screening, administration.instrument
    score = scoring.score(instrument, answers, prorate=screening.clinic.prorate)
    raised = flags.on_score(
        definitions.flag_rules(),
        instrument,
        score,
        history(screening, instrument.id, before=before),
        longer_form_done=False,
        done=done,
    )
    return score, raised


def done_in(sitting: Sitting) -> set[str]:
    """Return the instruments that were asked in full, by id: a longer form of which
    only the safety item was asked has not been done."""
    view = sitting.dialogue()
    return {
        administration.instrument.id
        for part, administration in enumerate(sitting.administrations)
        if dialogue.is_whole(view, part)
    }


def submit(
    sitting: Sitting,
    *,
    at: datetime,
    by: Actor,
    answers: Mapping[int, Mapping[str, int | None]] | None = None,
) -> list[Score]:
    """Score every administration, raise what the scores raise, and close.

    Runs inside the caller's transaction, with the screening locked. `answers` by
    position stand in for those of the turns, where there were no turns.
    """
    screening = sitting.screening
    if answers is None:
        keep_answers(sitting, by=by, at=at)
    done = done_in(sitting)
    rows = []
    for position, administration in enumerate(sitting.administrations):
        score, raised = judge(
            administration,
            answers[position] if answers else sitting.answers(position),
            done=done,
            before=screening.answered_at,
        )
        raise_flags(screening, raised, administration=administration, by=by, at=at)
        # A form of last week is a point of last week.
        rows.append(_row(administration, score, screening.answered_at or at))
    _close(sitting, rows, by=by, at=at)
    return rows


def _row(administration: Administration, score: scoring.Score, at: datetime) -> Score:
    return Score(
        administration=administration,
        clinic_id=administration.screening.clinic_id,
        patient_id=administration.screening.patient_id,
        instrument_id=administration.instrument.id,
        total=score.total,
        band=score.band or "",
        complete=score.complete,
        prorated=score.prorated,
        at_cut=score.at_cut,
        detail=score.to_dict(),
        at=at,
    )


def _close(sitting: Sitting, rows: Sequence[Score], *, by: Actor, at: datetime) -> None:
    screening = sitting.screening
    Score.objects.bulk_create(rows)
    screening.administrations.update(completed_at=at)
    screening.status = Screening.Status.COMPLETED
    screening.completed_at = screening.closed_at = at
    chain.note(screening, "SUBMITTED", by=by, at=at)
    chain.save(screening, "turn_seq", "status", "completed_at", "closed_at")
