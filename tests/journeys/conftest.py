"""The clinic, the people and the invitations that the journeys start from."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core.audit import Actor
from core.models import Clinic, Patient
from screening import actions
from tests.cast import Cast, make_cast, make_patient

BORN = "1990-01-15"


@pytest.fixture
def cast(site: str) -> Cast:
    """The fixed cast, in the database that the live server reads."""
    cast = make_cast()
    clinic = cast.clinic
    clinic.phone, clinic.languages = "202-555-0100", ["en", "es-US"]
    clinic.staffed_hours = {str(day): [["08:00", "18:00"]] for day in range(5)}
    clinic.save()
    return cast


@pytest.fixture
def clinic(cast: Cast) -> Clinic:
    return cast.clinic


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return make_patient(
        clinic, number="MRN-4711", birth_date=BORN, family_name="Rivera"
    )


@pytest.fixture
def invited(patient: Patient) -> Callable[..., str]:
    """Return the token of a fresh invitation."""

    def make(language: str = "en") -> str:
        return actions.invite(
            patient=patient,
            battery=["phq-9", "gad-7"],
            language=language,
            by=Actor.system("journey"),
            at=datetime.now(UTC),
        ).token

    return make
