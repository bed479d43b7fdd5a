"""Walks a synthetic patient through the real engine, page by page."""

import uuid
from datetime import datetime, timedelta

from clinicians.management.demo.people import Person, Visit
from core.audit import Actor
from core.models import Patient
from screening import actions, engine
from screening.domain import dialogue
from screening.engine import Claim, Said
from screening.models import Screening
from screening.models.sitting import load

PACE = timedelta(seconds=17)


def sit(
    person: Person, patient: Patient, visit: Visit, *, by: Actor, now: datetime
) -> Screening:
    """Invite, open, consent, answer and submit, at the times of `visit`."""
    at = (now - timedelta(days=visit.days_ago)).replace(
        hour=visit.hour, minute=(visit.days_ago * 7) % 60
    )
    invited = actions.invite(
        patient=patient,
        battery=patient.clinic.battery,
        language=person.language,
        by=by,
        at=at - timedelta(hours=3),
    )
    screening = actions.open_invitation(
        invitation_id=invited.invitation.id, given=person.born, at=at
    )
    if screening is None:
        raise RuntimeError(f"{person.number} could not open the invitation.")
    _begin(person, screening, at=at)
    claim = Claim(screening.id, screening.session_nonce)
    for digit in visit.answers:
        at += PACE
        _answer(claim, int(digit), at=at)
    if visit.submits:
        engine.submit(claim, at=at + PACE)
    return screening


def _begin(person: Person, screening: Screening, *, at: datetime) -> None:
    actions.confirm_age(screening=screening, adult=True, at=at)
    known = person.reachable
    actions.save_about(
        screening=screening,
        callback_number="202-555-0143" if known else "",
        whereabouts="At home, 12 Example Street" if known else "",
        emergency_contact="A sister, 202-555-0187" if known else "",
        at=at,
    )
    actions.give_consent(screening=screening, version="2026.1", ai_help=True, at=at)


def _answer(claim: Claim, value: int, *, at: datetime) -> None:
    step = dialogue.first_open(load(claim.screening_id).dialogue())
    if step is None:
        raise RuntimeError("More answers than questions.")
    said = Said(
        key=f"0.{int((at - PACE).timestamp())}.{uuid.uuid4().hex[:12]}",
        position=step.part,
        link_id=step.link_id,
        value=value,
        seconds=int(PACE.total_seconds()),
    )
    engine.take_turn(claim, said, at=at)
