"""Puts a submitted answer right: a new answer, a new score, the old ones kept.

An answer that was given once, in a short form, and is kept in its longer one is put
right in both, in one transaction: it is one answer.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from core.audit import Actor
from core.models import User
from core.permissions import Permission, check_can
from screening import definitions
from screening.actions import chain
from screening.actions.flagging import raise_flags
from screening.actions.rejudging import judge_again, lock_later
from screening.actions.submitting import done_in, judge
from screening.domain import dialogue, flags, scoring
from screening.domain.stepping import counts_in
from screening.models import (
    Administration,
    Amendment,
    Answer,
    PastScore,
    Score,
    Screening,
)
from screening.models.sitting import NoSuchSitting, Sitting, load

NOT_LED_ON = (
    "This question was not asked: the short form before it did not lead on to it. Put "
    "the answer right in the short form, where it was given."
)


class AmendRefused(ValueError):
    """The answer cannot be put right so; the sentence says why."""


class AmendedByOther(ValueError):
    """Somebody put an answer of this questionnaire right in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            "A colleague has put an answer of this questionnaire right since you "
            "opened this page. Look at the answers again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an answer should have been. `value` None means declined.

    `seen_version` is the score's version that the person was looking at.
    """

    position: int
    link_id: str
    value: int | None
    reason: str
    seen_version: int


def in_force(administration: Administration) -> dict[str, Answer]:
    """Return the answer that counts for each item, wherever it came from."""
    return {row.link_id: row for row in administration.answers.order_by("seq")}


def amendable(screening: Screening) -> bool:
    """Return whether answers may be put right: only what was submitted, and counts."""
    submitted = screening.status == Screening.Status.COMPLETED
    return submitted and screening.retracted_at is None


def amend(
    *, screening_id: uuid.UUID, correction: Correction, by: User, at: datetime
) -> Score:
    """Put one submitted answer right and score anew; flags are added, never removed.

    Raises NoSuchSitting, AnswerRefused, AmendRefused, or AmendedByOther.
    """
    check_can(by, Permission.AMEND)
    try:
        with transaction.atomic():
            return _amend(screening_id, correction, by=by, at=at)
    except IntegrityError as error:
        # Two wrote the same number of the history: the other was first.
        raise AmendedByOther from error


def _amend(
    screening_id: uuid.UUID, correction: Correction, *, by: User, at: datetime
) -> Score:
    sitting = load(screening_id, lock=True)
    screening = sitting.screening
    if screening.clinic_id != by.clinic_id:
        raise NoSuchSitting(screening_id)
    if not amendable(screening):
        raise AmendRefused("Only submitted answers can be put right.")
    administration = _administration(sitting, correction)
    score = Score.objects.get(administration=administration)
    if score.version != correction.seen_version:
        raise AmendedByOther
    _check(sitting, correction)
    together = kept_with(sitting, correction.position, correction.link_id)
    rows = [administration, *map(sitting.administration, together)]
    instruments = [row.instrument.id for row in rows]
    later = lock_later(screening.patient_id, instruments, after=score.at)
    at_answer = _at_answer(administration, correction)
    staff = Actor.staff(by)
    raise_flags(screening, at_answer, administration=administration, by=staff, at=at)
    scores = [_put_right(sitting, row, correction, by=by, at=at) for row in rows]
    chain.save(screening, "turn_seq")
    judge_again(later, by=staff, at=at)
    return scores[0]


def kept_with(sitting: Sitting, position: int, link_id: str) -> list[int]:
    """Return where else this answer counts: it was given once for several forms."""
    view = sitting.dialogue()
    parts = counts_in([part.follows for part in view.parts], position, link_id)
    return [one for one in parts[1:] if link_id in view.parts[one].answers]


def _put_right(
    sitting: Sitting,
    administration: Administration,
    correction: Correction,
    *,
    by: User,
    at: datetime,
) -> Score:
    """Store the answer in one form, and score it anew."""
    screening, staff = sitting.screening, Actor.staff(by)
    score = Score.objects.get(administration=administration)
    before = in_force(administration)
    values = {link: row.value for link, row in before.items()}
    if values.get(correction.link_id, ...) == correction.value:
        return score
    answer = _store(administration, before, correction, by=by, at=at)
    values[correction.link_id] = correction.value
    found, raised = judge(
        administration, values, done=done_in(sitting), before=score.at
    )
    _replace(score, found, at=at)
    raise_flags(screening, raised, administration=administration, by=staff, at=at)
    chain.note(
        screening,
        "AMENDED",
        by=staff,
        at=at,
        object_type="answer",
        object_id=answer.id,
        detail={
            "item": correction.link_id,
            "version": score.version,
            "instrument": administration.instrument.id,
        },
    )
    return score


def _administration(sitting: Sitting, correction: Correction) -> Administration:
    if not 0 <= correction.position < len(sitting.administrations):
        raise AmendRefused("This questionnaire is not part of the screening.")
    return sitting.administration(correction.position)


def _check(sitting: Sitting, correction: Correction) -> None:
    administration = _administration(sitting, correction)
    instrument, link_id = administration.instrument, correction.link_id
    instrument.item(link_id)
    before = in_force(administration)
    given = {link: row.value for link, row in before.items()}
    if link_id not in given:
        if not dialogue.is_whole(sitting.dialogue(), correction.position):
            raise AmendRefused(NOT_LED_ON)
        if instrument.item(link_id) not in scoring.visible_items(instrument, given):
            raise AmendRefused("This question was not asked.")
    if correction.value is not None:
        scoring.check_value(instrument, link_id, correction.value)
    if not correction.reason.strip():
        raise AmendRefused("Write why the answer is put right.")
    if link_id in given and given[link_id] == correction.value:
        raise AmendRefused("This is the answer that is stored already.")


def _store(
    administration: Administration,
    before: Mapping[str, Answer],
    correction: Correction,
    *,
    by: User,
    at: datetime,
) -> Answer:
    screening = administration.screening
    screening.turn_seq = 1 + max(
        [screening.turn_seq, *screening.answers.values_list("seq", flat=True)]
    )
    answer = Answer.objects.create(
        screening=screening,
        administration=administration,
        seq=screening.turn_seq,
        link_id=correction.link_id,
        value=correction.value,
        declined=correction.value is None,
        origin=Answer.Origin.STAFF,
        at=at,
    )
    Amendment.objects.create(
        administration=administration,
        answer=answer,
        replaced=before.get(correction.link_id),
        reason=correction.reason.strip(),
        by=by,
        at=at,
    )
    return answer


def _replace(score: Score, found: scoring.Score, *, at: datetime) -> None:
    """Keep the score as it stood and put the new one in its place."""
    PastScore.objects.create(
        administration_id=score.administration_id,
        version=score.version,
        total=score.total,
        band=score.band,
        detail=score.detail,
        scored_at=score.amended_at or score.at,
        at=at,
    )
    fields = {
        "total": found.total,
        "band": found.band or "",
        "complete": found.complete,
        "prorated": found.prorated,
        "at_cut": found.at_cut,
        "detail": found.to_dict(),
        "version": score.version + 1,
        "amended_at": at,
    }
    mine = Score.objects.filter(pk=score.pk, version=score.version)
    if mine.update(**fields) != 1:
        raise AmendedByOther
    for name, value in fields.items():
        setattr(score, name, value)


def _at_answer(
    administration: Administration, correction: Correction
) -> tuple[flags.RaisedFlag, ...]:
    """Return what the new answer raises; every amendment is a flag of its own."""
    link_id, version = correction.link_id, correction.seen_version + 1
    found = flags.on_answer(
        definitions.flag_rules(), administration.instrument, link_id, correction.value
    )
    suffix = f"amended.{correction.position}.{version}"
    return tuple(replace(flag, key=f"{flag.rule}:{suffix}") for flag in found)
