"""The description of the plain API is valid, whole, and true whatever is asked."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.cast import make_episode, make_patient, make_screening
from tests.records.conftest import make_token

pytestmark = pytest.mark.django_db
API = "/api/v1"
QUICK = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def one_connection():
    """Requests share the test's transaction, as with Django's own test client."""
    signals = [request_started, request_finished]
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_description_is_valid_open_and_complete(client):
    answer = client.get(f"{API}/openapi.json")
    document = answer.json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for told in methods.values():
            for answer in told["responses"].values():
                for media in answer["content"].values():
                    assert media["examples"], told["operationId"]


def test_page_of_the_description_is_served_from_here_alone(client):
    answer = client.get(f"{API}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Invite a patient to a screening" in page
    assert "<script" not in page
    assert "https://" not in page.replace("https://clinic.example", "")


@pytest.mark.usefixtures("one_connection")
def test_description_allows_what_happens_and_nothing_else_does(clinic, patient):
    """What schemathesis thinks of: no fault of ours, and no answer that is not told."""
    secret = make_token(clinic, ["system/*.cruds"], name="Tester").secret
    for _ in range(3):
        make_screening(make_patient(clinic))
    make_episode(patient)
    headers = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", WSGIHandler())
    tried = []

    def check(case):
        # A cursor or a patient that never was is of the right shape, and refused.
        answer = case.call_and_validate(
            headers=headers, excluded_checks=[positive_data_acceptance]
        )
        tried.append(answer.status_code)

    for found in schema.get_all_operations():
        QUICK(given(case=found.ok().as_strategy())(check))()
    assert len(tried) >= 40
    assert {200, 404, 422} <= set(tried)
