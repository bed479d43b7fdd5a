"""Keeps free words before anything is made of them, and looks for danger by rule."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from core.audit import Actor
from core.permissions import Permission, check_can
from screening import definitions
from screening.actions import turns
from screening.domain import flags
from screening.domain.dialogue import Step
from screening.domain.scoring import AnswerRefused
from screening.engine.values import (
    Claim,
    Entering,
    Outcome,
    Over,
    Said,
    Seat,
    Taken,
    claimed,
)
from screening.language import safety
from screening.models import Screening, Turn
from screening.models.sitting import NoSuchSitting, Sitting, load


@dataclass(frozen=True, slots=True)
class Kept:
    """Words in the database, with the key that they are under."""

    said: Said
    turn_id: uuid.UUID


def locked(seat: Seat) -> Sitting:
    """Load the screening of a session for a turn, open or over.

    Raises NoSuchSitting for another session, Over before age and consent.
    """
    sitting = load(seat.screening_id, lock=True)
    screening = sitting.screening
    if isinstance(seat, Entering):
        _check_staff(seat, screening)
        return sitting
    if not claimed(seat, sitting):
        raise NoSuchSitting(seat.screening_id)
    if screening.consented_at is None or screening.adult_confirmed_at is None:
        raise Over
    return sitting


def _check_staff(seat: Entering, screening: Screening) -> None:
    """Staff of the patient's clinic, and only at what staff began: what a patient
    is answering is the patient's alone."""
    check_can(seat.user, Permission.ENTER_ANSWERS)
    ours = screening.clinic_id == seat.user.clinic_id
    if not ours or screening.origin != Screening.Origin.STAFF:
        raise NoSuchSitting(seat.screening_id)


def settled(sitting: Sitting, said: Said) -> tuple[Said, Taken | None]:
    """Return (what was said, where it led the first time if this is a replay).

    The same key with other content is no replay: a patient whose page timed out
    may change the answer and send it again. It goes under a key of its own.
    """
    before = sitting.turns.get(said.key)
    if before is not None and before.digest != said.digest:
        said = said.under_another_key()
        before = sitting.turns.get(said.key)
    if before is None or not before.outcome:
        return said, None
    return said, Taken(Outcome.from_dict(before.outcome), sitting)


@transaction.atomic
def keep_words(claim: Claim, said: Said, *, at: datetime) -> Taken | Kept:
    """First commit: the words, whatever becomes of them.

    Words typed on a page left open after the end are kept too: they are no answer
    any more, but they may be a call for help.
    """
    sitting = locked(claim)
    said, replay = settled(sitting, said)
    if replay is not None:
        return replay
    if said.key in sitting.turns:
        return Kept(said, sitting.turns[said.key].id)
    known = 0 <= said.position < len(sitting.administrations)
    turn = turns.keep_turn(
        sitting,
        key=said.key,
        kind=Turn.Kind.WORDS,
        position=said.position if known else None,
        link_id=said.link_id,
        words=said.words,
        digest=said.digest,
        at=at,
    )
    turns.note_words(sitting, turn_id=turn.id, at=at)
    return Kept(said, turn.id)


def listen(kept: Kept, sitting: Sitting, *, at: datetime) -> safety.Finding:
    """Look for danger in words that were kept, and flag what is found."""
    finding = safety.watch(kept.said.words, sitting.screening.language)
    raise_for_words(sitting.screening.id, kept.said, finding, at=at)
    return finding


def hear_only(claim: Claim, said: Said, *, at: datetime) -> Taken | None:
    """Keep and search words that came with a post that cannot be taken.

    Returns where to lead, if that is to help.
    """
    kept = keep_words(claim, said, at=at)
    if isinstance(kept, Taken):
        return kept if kept.outcome.to == "safety" else None
    sitting = load(claim.screening_id)
    if listen(kept, sitting, at=at).level != "urgent":
        return None
    return lead_to_help(sitting, kept)


def hear_unkept(sitting: Sitting, words: str, *, at: datetime) -> Taken | None:
    """Search words that no turn keeps: those in the boxes about the patient, and any
    that come before consent. By rules alone, since an address lies near anything.

    Returns where to lead, if that is to help.
    """
    finding = safety.find(words, sitting.screening.language)
    mark = hashlib.sha256(words.encode()).hexdigest()[:24]
    said = Said(key=f"form-{mark}", position=-1, link_id="", words=words)
    raise_for_words(sitting.screening.id, said, finding, at=at)
    if finding.level != "urgent":
        return None
    return Taken(replace(to_safety(sitting, said), note="words"), sitting)


def lead_to_help(sitting: Sitting, kept: Kept) -> Taken:
    """Settle a turn on the page with help."""
    outcome = replace(to_safety(sitting, kept.said), note="words")
    turns.settle_turn(turn_id=kept.turn_id, outcome=outcome.to_dict())
    return Taken(outcome, sitting)


def to_safety(sitting: Sitting, said: Said) -> Outcome:
    """Return the page with help, beside the item where there is one."""
    step = Step(part=said.position, link_id=said.link_id)
    try:
        return Outcome.at_step("safety", sitting, step)
    except (AnswerRefused, IndexError):
        return Outcome(to="safety")


@transaction.atomic
def raise_for_words(
    screening_id: uuid.UUID, said: Said, finding: safety.Finding, *, at: datetime
) -> None:
    """Flag crisis language, with the words and the rules that found them."""
    if finding.level == "none":
        return
    sitting = load(screening_id, lock=True)
    # What only lies near an example is a model's mark, and is labelled as one.
    level: flags.Level = "model" if finding.by_example else finding.level
    raised = flags.on_words(
        definitions.flag_rules(), level, finding.words, finding.rule_ids
    )
    # One flag a turn: what was written later is read too, whatever came before.
    each = tuple(replace(flag, key=f"{flag.rule}:{said.key}") for flag in raised)
    known = 0 <= said.position < len(sitting.administrations)
    turns.raise_in_turn(
        sitting,
        each,
        position=said.position if known else None,
        by=Actor.patient(sitting.screening.patient_id),
        source="MODEL" if finding.by_example else "RULE",
        at=at,
    )
    turns.close_turn(sitting)
