"""Marking a screening as entered in error: nothing is lost, no case is closed by it."""

import pytest

from clinicians.actions.retracting import mark_in_error
from clinicians.models import ReviewEvent
from core.audit import verify
from core.crypto import CannotRead  # noqa: F401
from core.models import AuditEvent, Patient
from screening.models import Answer, Episode, Flag, Retraction, Score
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.views.entries import Desk, begun

WHO = {"reason": "other-person", "note": "Her sister held the phone."}


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(cast.clinic)


@pytest.fixture
def desk(cast: Cast, patient: Patient) -> Desk:
    """A PHQ-9 from paper with item 9 endorsed: an urgent case is open."""
    desk = begun(cast.alice, patient)
    desk.save({f"answer-0-{number}": "1" for number in range(1, 11)})
    desk.post("entry-submit")
    return desk
