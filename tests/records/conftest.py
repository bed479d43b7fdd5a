"""A clinic with one finished screening, and a client that may read it."""

from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from core.audit import Actor
from records.actions import create_client, issue_token
from records.fhir.served import SERVED
from tests.records.rows import make_clinic

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ALL = [one.resource for one in SERVED]
BOTH = [f"system/{resource}.rs" for resource in ALL]
BY = Actor.system("tests")


@pytest.fixture
def clinic(db):
    return make_clinic()


@pytest.fixture
def token(clinic):
    """A token that is good for a century, its secret beside it."""
    return make_token(clinic)


@pytest.fixture
def fhir(token):
    """A test client that shows the token."""
    return showing(token.secret)


def make_token(clinic, scopes=None, name="Lab system"):
    client = create_client(
        clinic=clinic, name=name, scopes=scopes or BOTH, by=BY, at=AT
    )
    row, secret = issue_token(client=client, days=36_500, by=BY, at=AT)
    # Only here: a stored token knows its hash alone.
    vars(row)["secret"] = secret
    return row


def showing(secret):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client
