"""What the tests of planning share: a patient with an address, asked; a clock to move."""

from datetime import datetime, timedelta
from typing import Any

from clinicians import tasks
from clinicians.actions.inviting import ask
from core.audit import Actor
from core.models import Patient
from screening.actions import Invited
from tests.cast import NOW, Cast, make_patient

ADDRESS = "robin@example.org"
DAY = timedelta(days=1)


def reachable(cast: Cast, **fields: Any) -> Patient:
    """A patient of the clinic who has an e-mail address."""
    return make_patient(cast.clinic, **{"email": ADDRESS, **fields})


def asked(cast: Cast, patient: Patient | None = None, **fields: Any) -> Invited:
    """A patient invited by e-mail."""
    given = {"battery": ["phq-9"], "language": "en", "mailed": True, **fields}
    return ask(
        patient=patient or reachable(cast), by=Actor.staff(cast.fred), at=NOW, **given
    )


def tick(moment: datetime) -> None:
    """Let the safety loop run at this moment, until nothing is left."""
    while tasks.tick(lambda: moment):
        pass
