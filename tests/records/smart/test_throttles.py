"""How often a token may be asked for: by client, by address, and by all together."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.exceptions import Throttled

from records.api.throttles import wait_of
from records.definitions import api_policy
from tests.records.conftest import make_token, showing
from tests.records.fhir.judge import accept
from tests.records.smart.signing import TOKEN, ask, assertion, connected, form, post

pytestmark = pytest.mark.django_db
REVOKE = "/fhir/R4/auth/revoke"


@pytest.mark.parametrize(
    ("wait", "told"), [(60, "60"), (59.2, "60"), (0, "1"), (None, "1")]
)
def test_a_minute_is_never_longer_than_one(wait, told):
    assert wait_of(Throttled(wait=wait)) == told


@pytest.fixture
def system(clinic):
    return connected(clinic)


def test_too_many_tries_in_one_name_have_to_wait(client, system, monkeypatch):
    figures = {"token_requests_per_minute": 2}
    monkeypatch.setattr("records.api.throttles.api_policy", lambda: _policy(figures))
    bad = assertion(system, aud="x")
    with time_machine.travel(timezone.now(), tick=False):
        assert [ask(client, bad).status_code for _ in range(3)] == [401, 401, 429]
        later = ask(client, assertion(system))
        assert later.json()["error"] == "slow_down"
        assert 1 <= int(later["Retry-After"]) <= 60
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert ask(client, assertion(system)).status_code == 200


def test_client_that_reads_too_much_waits(clinic, monkeypatch):
    figures = {"fhir_requests_per_minute": 2}
    monkeypatch.setattr("records.api.throttles.api_policy", lambda: _policy(figures))
    reader = showing(make_token(clinic, ["system/Patient.rs"]).secret)
    other = showing(make_token(clinic, ["system/Patient.rs"], name="Other").secret)
    with time_machine.travel(timezone.now(), tick=False):
        codes = [reader.get("/fhir/R4/Patient").status_code for _ in range(3)]
        late = reader.get("/fhir/R4/Patient")
        assert other.get("/fhir/R4/Patient").status_code == 200
        # What is open to everybody is not counted.
        assert reader.get("/fhir/R4/metadata").status_code == 200
    assert codes == [200, 200, 429]
    accept(late.json())
    assert late.json()["issue"][0]["code"] == "throttled"
    assert 1 <= int(late["Retry-After"]) <= 60


def test_address_that_a_sender_claims_is_not_believed(client, system, monkeypatch):
    figures = {"token_addresses_per_minute": 2}
    monkeypatch.setattr("records.api.throttles.api_policy", lambda: _policy(figures))
    bad = form(assertion(system, aud="x"))
    with time_machine.travel(timezone.now(), tick=False):
        codes = [
            post(client, TOKEN, bad, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code
            for n in range(3)
        ]
    assert codes == [401, 401, 429]


def test_ceiling_holds_for_all_and_no_single_address_uses_it_up(
    client, system, monkeypatch
):
    figures = {"token_addresses_per_minute": 2, "tokens_together_per_minute": 3}
    monkeypatch.setattr("records.api.throttles.api_policy", lambda: _policy(figures))
    bad = form(assertion(system, aud="x"))

    def tries(address, count):
        return [
            post(client, TOKEN, bad, REMOTE_ADDR=address).status_code
            for _ in range(count)
        ]

    with time_machine.travel(timezone.now(), tick=False):
        assert tries("192.0.2.1", 5) == [401, 401, 429, 429, 429]
        assert tries("192.0.2.2", 1) == [401]
        assert tries("192.0.2.3", 1) == [429]
        assert post(client, REVOKE, bad, REMOTE_ADDR="192.0.2.4").status_code == 429


def _policy(figures):
    """The figures as shipped, with these in their place."""
    real = api_policy()
    names = [name for name in real.__slots__ if name not in figures]
    kept = {name: getattr(real, name) for name in names}
    return type(real)(**kept, **figures)
