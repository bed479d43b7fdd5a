"""A patient of a clinic with a record number, and a client that may do everything."""

import pytest

from tests.cast import make_patient
from tests.records.conftest import make_token, showing

EVERYTHING = ["system/*.cruds"]


@pytest.fixture
def patient(clinic):
    return make_patient(clinic, number="MRN-1")


@pytest.fixture
def system(clinic):
    """A test client whose token allows all that is served."""
    return showing(make_token(clinic, EVERYTHING).secret)
