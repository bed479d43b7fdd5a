"""Somebody of the staff, and a form begun by them."""

from collections.abc import Callable
from typing import Any

import pytest

from core.models import Clinic, Patient, Role, User
from screening import actions
from tests.cast import make_user
from tests.screening.conftest import NOW
from tests.screening.engine.desk import Desk


@pytest.fixture
def staff(clinic: Clinic) -> User:
    return make_user(clinic, Role.CLINICIAN)


@pytest.fixture
def begin(patient: Patient, staff: User) -> Callable[..., Desk]:
    def make(*battery: str, **more) -> Desk:
        asked: dict[str, Any] = {
            "patient": patient,
            "battery": list(battery) or ["phq-9", "gad-7"],
            "language": "en",
            "mode": "IN_PERSON" if battery == ("asq",) else "PAPER",
            "answered_at": NOW,
            "by": staff,
            "at": NOW,
        }
        return Desk(actions.start_entry(**(asked | more)), staff)

    return make
