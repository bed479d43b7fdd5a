"""A PHQ-2 that led on to the PHQ-9, or did not, submitted by the patient."""

import uuid

from core.audit import Actor
from core.models import Clinic
from screening import actions, engine
from screening.domain import dialogue
from screening.models import Screening
from screening.models.sitting import load
from tests.cast import NOW, make_patient

BORN = "1985-03-14"


def stepped(clinic: Clinic, *, each: int) -> Screening:
    """Everything that was asked answered with `each`, item 9 with zero."""
    clinic.step_up = True
    clinic.save()
    invited = actions.invite(
        patient=make_patient(clinic),
        battery=["phq-2"],
        language="en",
        by=Actor.system("test"),
        at=NOW,
    )
    screening = actions.open_invitation(
        invitation_id=invited.invitation.id, given=BORN, at=NOW
    )
    assert screening is not None
    actions.confirm_age(screening=screening, adult=True, at=NOW)
    actions.give_consent(screening=screening, version="1", ai_help=False, at=NOW)
    claim = engine.Claim(screening.id, screening.session_nonce)
    while step := dialogue.first_open(load(screening.id).dialogue()):
        safety = load(screening.id).item(step.part, step.link_id).safety
        said = engine.Said(
            key=f"0.{uuid.uuid4().hex[:12]}",
            position=step.part,
            link_id=step.link_id,
            value=0 if safety else each,
        )
        engine.take_turn(claim, said, at=NOW)
    engine.submit(claim, at=NOW)
    screening.refresh_from_db()
    return screening
