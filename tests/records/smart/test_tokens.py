"""The token endpoint: what opens it once, and what never does."""

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from core.crypto import hash_token
from core.models import AuditEvent
from records.actions import change_keys, revoke_client
from records.models import ApiToken, UsedAssertion
from tests.records.rows import make_administration, make_clinic
from tests.records.smart.signing import (
    BY,
    JWT_BEARER,
    TOKEN,
    ask,
    assertion,
    connected,
    form,
    jwks,
    key,
    post,
    token_of,
)

pytestmark = pytest.mark.django_db
REVOKE = "/fhir/R4/auth/revoke"
DISCOVERY = "/fhir/R4/.well-known/smart-configuration"


@pytest.fixture
def system(clinic):
    return connected(clinic)


def refused(answer, error="invalid_client", code=401):
    assert (answer.status_code, answer.json()["error"]) == (code, error)
    assert answer["Cache-Control"] == "no-store"
    assert not ApiToken.objects.exists()
    return answer.json()["error_description"]


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/fhir+xml"])
def test_discovery_is_json_whatever_is_asked_for(client, accept):
    answer = client.get(DISCOVERY, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    told = answer.json()
    assert told["token_endpoint"] == f"http://localhost{TOKEN}"
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    algorithms = told["token_endpoint_auth_signing_alg_values_supported"]
    assert set(algorithms) == {"RS384", "ES384"}
    wanted = {"client-confidential-asymmetric", "permission-v1", "permission-v2"}
    assert wanted <= set(told["capabilities"])
    assert "system/Observation.rs" in told["scopes_supported"]


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_good_assertion_opens_what_was_asked_for_and_no_more(client, clinic, kind):
    row = make_administration(clinic, [1] * 9 + [0])
    system = connected(clinic, key(kind=kind))
    asked = "system/Observation.read system/Patient.rs launch"
    answer = ask(client, assertion(system, by=key(kind=kind)), asked)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Pragma"] == "no-cache"
    told = answer.json()
    assert told["token_type"] == "bearer"
    assert told["expires_in"] == 300
    assert told["scope"] == "system/Observation.rs"
    assert "refresh_token" not in told
    stored = ApiToken.objects.get()
    assert stored.token_hash == hash_token(told["access_token"])
    assert told["access_token"] not in str(vars(stored))
    bearer = {"authorization": f"Bearer {told['access_token']}"}
    read = client.get(f"/fhir/R4/Observation/{row.id}.total", headers=bearer)
    assert read.status_code == 200
    beyond = client.get(f"/fhir/R4/QuestionnaireResponse/{row.id}", headers=bearer)
    assert beyond.status_code == 403
    event = AuditEvent.objects.get(kind="API_TOKEN_GRANTED")
    assert (event.actor_id, event.detail["scopes"]) == (
        str(system.id),
        ["system/Observation.rs"],
    )


def test_token_ends_by_itself_after_five_minutes(client, system, clinic):
    row = make_administration(clinic, [1] * 9 + [0])
    bearer = {"authorization": f"Bearer {token_of(client, system)}"}
    path = f"/fhir/R4/QuestionnaireResponse/{row.id}"
    assert client.get(path, headers=bearer).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        assert client.get(path, headers=bearer).status_code == 401


def test_audience_may_be_one_of_several(client, system):
    signed = assertion(
        system, aud=["http://localhost/fhir/R4", f"http://localhost{TOKEN}"]
    )
    assert ask(client, signed).status_code == 200


def test_assertion_opens_once(client, system):
    signed = assertion(system)
    assert ask(client, signed).status_code == 200
    again = ask(client, signed)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
    assert "jti" in again.json()["error_description"]
    assert ApiToken.objects.count() == 1


def test_same_jti_of_two_clients_is_not_a_replay(client, system, clinic):
    other = connected(clinic, key("two"), name="Another")
    assert ask(client, assertion(system, jti="same")).status_code == 200
    assert ask(client, assertion(other, by=key("two"), jti="same")).status_code == 200


def test_used_assertions_are_forgotten_once_they_have_ended(client, system):
    token_of(client, system)
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        token_of(client, system)
        assert UsedAssertion.objects.count() == 1
        assert ApiToken.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_sent_at_once_one_opens():
    if connection.vendor == "sqlite":
        return  # one writer at a time by its nature; the rule is the same row
    system = connected(make_clinic())
    signed, said = assertion(system), []

    def send():
        try:
            said.append(ask(Client(), signed).status_code)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [200, 401, 401, 401, 401]
    assert ApiToken.objects.count() == 1


def test_kid_names_one_of_several_keys(client, clinic):
    system = connected(clinic, key("one"), key("two"), key("rsa", "RSA"))
    assert ask(client, assertion(system, by=key("two"))).status_code == 200
    # Without a kid, the kind has to leave no doubt.
    pem = assertion(system, by=key("rsa", "RSA"), header={"kid": None})
    assert ask(client, pem).status_code == 200
    unclear = assertion(system, by=key("one"), header={"kid": None})
    assert ask(client, unclear).status_code == 401


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"grant_type": None}, "unsupported_grant_type", 400),
        ({"client_assertion_type": "other"}, "invalid_client", 401),
        ({"client_assertion": None}, "invalid_client", 401),
        ({"client_id": str(uuid.uuid4())}, "invalid_client", 401),
        ({"scope": None}, "invalid_scope", 400),
        ({"scope": "system/Patient.rs"}, "invalid_scope", 400),
        ({"scope": "patient/Observation.rs offline_access"}, "invalid_scope", 400),
        ({"scope": ["a", "b"]}, "invalid_request", 400),
    ],
)
def test_form_is_read_strictly(client, system, changes, error, code):
    refused(ask(client, assertion(system), **changes), error, code)


def test_only_a_form_is_taken(client, system):
    sent = form(assertion(system))
    assert refused(client.post(TOKEN, sent, "application/json"), "invalid_request", 415)
    refused(client.get(TOKEN, sent), "invalid_request", 405)
    assert client.put(TOKEN).status_code == 405


def test_disconnected_client_opens_nothing(client, system):
    revoke_client(client=system, by=BY, at=timezone.now())
    refused(ask(client, assertion(system)))


def test_every_of_what_is_registered_is_given_for_the_asterisk(client, clinic):
    system = connected(clinic, scopes="system/*.rs")
    told = ask(client, assertion(system), "system/*.read").json()["scope"].split()
    assert {"system/Observation.rs", "system/Patient.rs"} <= set(told)
    assert not any(scope.endswith(("c", "u", "d")) for scope in told)


def test_client_ends_its_own_token_and_no_other(client, system, clinic):
    mine, other = token_of(client, system), connected(clinic, key("2"), name="Other")
    theirs = token_of(client, other, by=key("2"))
    for secret in (mine, theirs, "never given"):
        sent = {**form(assertion(system)), "token": secret}
        assert post(client, REVOKE, sent).status_code == 200
    ended = ApiToken.objects.get(revoked_at__isnull=False)
    assert ended.token_hash == hash_token(mine)
    lacking = post(client, REVOKE, form(assertion(system)))
    assert lacking.json()["error"] == "invalid_request"
    unproven = {"token": mine, "client_assertion_type": JWT_BEARER}
    assert post(client, REVOKE, unproven).status_code == 401


def test_assertion_that_ended_a_token_opens_none(client, system):
    """Whoever hears one on its way to one address cannot use it at the other."""
    signed = assertion(system)
    sent = {**form(signed), "token": "never given"}
    assert post(client, REVOKE, sent).status_code == 200
    assert "jti" in refused(ask(client, signed))
    again = post(client, REVOKE, sent)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("change", ["keys", "disconnected"])
def test_keys_that_change_while_a_token_is_asked_for_open_nothing(
    client, system, monkeypatch, change
):
    """Between the proof and the token's row, an administrator takes the key away."""

    def meanwhile(asked, of):
        if change == "keys":
            new = jwks(key("new"))
            at = timezone.now()
            change_keys(client=system, jwks=new, jwks_url="", by=BY, at=at)
        else:
            revoke_client(client=system, by=BY, at=timezone.now())
        return ["system/Observation.rs"]

    monkeypatch.setattr("records.api.tokens._scopes", meanwhile)
    refused(ask(client, assertion(system)))
    assert not UsedAssertion.objects.exists()


def test_new_keys_end_what_the_old_ones_opened(client, system):
    token_of(client, system)
    change_keys(
        client=system, jwks=jwks(key("new")), jwks_url="", by=BY, at=timezone.now()
    )
    assert ApiToken.objects.get().revoked_at is not None
    assert ask(client, assertion(system)).status_code == 401
    assert ask(client, assertion(system, by=key("new"))).status_code == 200
