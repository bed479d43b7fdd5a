"""The pages for connected programs: connecting, changing keys, ending, drafts."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from records.actions import issue_token, receive_questionnaire
from records.models import ApiClient, DraftQuestionnaire
from tests.cast import make_cast, signed_in
from tests.records.smart.signing import (
    BY,
    READ,
    ask,
    assertion,
    connected,
    jwks,
    key,
    token_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def ada(cast):
    """The administrator, signed in with everything that is asked for."""
    return signed_in(cast.ada)


def page(name, *args):
    return reverse(f"connections:{name}", args=args)


def filled(**changes):
    return {
        "name": "Lab system",
        "scopes": READ.split(),
        "jwks": json.dumps(jwks(key())),
        "jwks_url": "",
        **changes,
    }


def told(answer):
    return answer.content.decode()


def test_program_is_connected_and_can_prove_itself(ada, cast, client):
    answer = ada.post(page("new-client"), filled(), follow=True)
    row = ApiClient.objects.get()
    assert answer.redirect_chain == [(page("client", row.id), 302)]
    assert str(row.id) in told(answer)
    assert "smart-configuration" in told(answer)
    assert row.scopes == READ.split()
    event = AuditEvent.objects.get(kind="API_CLIENT_CREATED")
    assert event.actor_id == str(cast.ada.id)
    token_of(client, row)
    # Whatever was typed beyond the public key is not kept.
    assert set(row.jwks["keys"][0]) == {"kty", "crv", "x", "y", "kid"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "Give the program a name"),
        ({"scopes": []}, "Tick at least one thing"),
        ({"scopes": ["system/Everything.rs"]}, "Select a valid choice"),
        ({"jwks": ""}, "Give the address or the keys"),
        ({"jwks_url": "https://keys.example/jwks"}, "Give the address or the keys"),
        ({"jwks": "{"}, "This is no JSON"),
        ({"jwks": "-----BEGIN PRIVATE KEY-----"}, "This holds a private key"),
        ({"jwks": "-----BEGIN PUBLIC KEY-----"}, "a key as PEM, not as JWKS"),
        ({"jwks": json.dumps({"keys": [key().as_dict(private=True)]})}, "private key"),
        ({"jwks": "", "jwks_url": "http://keys.example/"}, "begins with https://"),
        ({"jwks": "", "jwks_url": "https://10.0.0.1/"}, "names a public server"),
    ],
)
def test_what_was_typed_wrong_is_said(ada, changes, reason):
    answer = ada.post(page("new-client"), filled(**changes))
    assert answer.status_code == 422
    assert reason in told(answer)
    assert not ApiClient.objects.exists()


def test_private_key_is_not_shown_again(ada):
    secret = key().as_dict(private=True)
    typed = (
        json.dumps({"keys": [secret]}),
        f"-----BEGIN PRIVATE KEY-----\n{secret['d']}",
    )
    for one in typed:
        answer = ada.post(page("new-client"), filled(jwks=one))
        assert str(secret["d"]) not in answer.content.decode()
        assert filled()["name"] in answer.content.decode()
        assert answer.content.decode().count("checked") == len(filled()["scopes"])


def test_name_is_taken_once(ada):
    ada.post(page("new-client"), filled())
    answer = ada.post(page("new-client"), filled())
    assert answer.status_code == 422
    assert "connected already" in told(answer)


def test_list_and_page_tell_what_it_may_and_when_it_last_did(ada, cast, client):
    row = connected(cast.clinic, scopes="system/Observation.rs")
    assert "Never" in told(ada.get(page("clients")))
    token_of(client, row, "system/Observation.rs")
    shown = told(ada.get(page("client", row.id)))
    assert "Proved who it is" in shown
    assert "system/Observation.rs" in shown
    assert "EC one" in shown
    listed = told(ada.get(page("clients")))
    assert "Observation.rs" in listed
    assert "Never" not in listed


def test_keys_are_changed_and_the_old_ones_open_nothing(ada, cast, client):
    row = connected(cast.clinic)
    secret = token_of(client, row)
    wrong = ada.post(page("client-keys", row.id), {"jwks": "[]"})
    assert (wrong.status_code, "A JWKS is an object" in told(wrong)) == (422, True)
    ada.post(page("client-keys", row.id), {"jwks": json.dumps(jwks(key("two")))})
    assert ask(client, assertion(row)).status_code == 401
    bearer = {"authorization": f"Bearer {secret}"}
    assert client.get("/fhir/R4/Observation", headers=bearer).status_code == 401
    token_of(client, row, by=key("two"))


def test_tokens_end_and_the_program_may_come_back(ada, cast, client):
    row = connected(cast.clinic)
    at = timezone.now()
    _, issued = issue_token(client=row, days=1, by=BY, at=at)
    token_of(client, row)
    answer = ada.post(page("end-client-tokens", row.id), follow=True)
    assert "2 tokens ended" in told(answer)
    bearer = {"authorization": f"Bearer {issued}"}
    assert client.get("/fhir/R4/Observation", headers=bearer).status_code == 401
    again = ada.post(page("end-client-tokens", row.id), follow=True)
    assert "No token was open" in told(again)
    token_of(client, row)


def test_disconnecting_has_to_be_meant_and_is_for_good(ada, cast, client):
    row = connected(cast.clinic)
    unticked = ada.post(page("end-client", row.id))
    assert (unticked.status_code, "Tick this first" in told(unticked)) == (422, True)
    assert ask(client, assertion(row)).status_code == 200
    done = ada.post(page("end-client", row.id), {"understood": "on"}, follow=True)
    assert "is disconnected" in told(done)
    assert ask(client, assertion(row)).status_code == 401
    shown = told(ada.get(page("client", row.id)))
    assert "Disconnect this program" not in shown
    late = ada.post(
        page("client-keys", row.id), {"jwks": json.dumps(jwks(key()))}, follow=True
    )
    assert "was disconnected" in told(late)


def test_draft_is_downloaded_as_it_was_sent_and_put_away(ada, cast):
    row = connected(cast.clinic)
    content = {"resourceType": "Questionnaire", "title": "Eine neue Form é"}
    draft, _ = receive_questionnaire(
        client=row,
        url="http://example.org/q",
        version="1",
        title="A <b>new</b> form",
        content=content,
        digest="1",
        at=timezone.now() - timedelta(hours=1),
    )
    listed = told(ada.get(page("clients")))
    assert "A &lt;b&gt;new&lt;/b&gt; form" in listed
    assert "Nobody can be asked one of these" in listed
    got = ada.get(page("draft", draft.id))
    assert json.loads(got.content) == content
    assert "attachment" in got["Content-Disposition"]
    ada.post(page("discard-draft", draft.id))
    assert "new form" not in told(ada.get(page("clients"))).replace("&lt;", "")
    assert ada.post(page("discard-draft", draft.id)).status_code == 404
    kept = DraftQuestionnaire.objects.get()
    assert kept.discarded_by_id == str(cast.ada.id)
    assert AuditEvent.objects.filter(kind="DRAFT_DISCARDED").count() == 1
