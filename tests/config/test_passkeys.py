"""Passkeys without a browser: who may set one up, what is asked of it, what is refused."""

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from core.models import AuditEvent
from core.permissions import has_second_factor
from tests.core.people import make_clinic, make_user, sign_in

pytestmark = pytest.mark.django_db
ADD = "/account/second-factor/webauthn/add/"
LOGIN = "/account/second-factor/webauthn/login/"
RUBBISH = json.dumps({"id": "x", "rawId": "x", "type": "public-key", "response": {}})


@pytest.fixture
def user():
    return make_user(make_clinic())


def options(page: str) -> dict[str, Any]:
    [text] = re.findall(r'<script id="passkey-data"[^>]*>(.*?)</script>', page)
    asked: dict[str, Any] = json.loads(text)["creation_options"]["publicKey"]
    return asked


def test_somebody_new_may_begin_with_a_passkey(client, user):
    client.force_login(user)
    assert client.get("/account/second-factor/").status_code == 302
    start = client.get("/account/second-factor/totp/activate/").content.decode()
    assert ADD in start
    page = client.get(ADD)
    assert page.status_code == 200
    asked = options(page.content.decode())
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["rp"]["name"] == "Check-in"


def test_whoever_has_one_shows_it_before_adding_another(client, user):
    Authenticator.objects.create(user=user, type="webauthn", data={})
    client.force_login(user)
    where = client.get(ADD)["Location"]
    assert where.startswith("/account/second-factor/webauthn/reauthenticate/?next=")


def test_rubbish_is_no_passkey(client, user):
    client.force_login(user)
    client.get(ADD)
    for credential in (RUBBISH, "[]", "no json", ""):
        answer = client.post(ADD, {"name": "x", "credential": credential})
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert not has_second_factor(client.get(ADD).wsgi_request)


@pytest.mark.parametrize("credential", [RUBBISH, "{}", ""])
def test_rubbish_signs_nobody_in(client, user, credential):
    client.get(LOGIN, headers={"accept": "application/json"})
    answer = client.post(LOGIN, {"credential": credential})
    assert answer["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session
    # An empty form was no try.
    lines = AuditEvent.objects.filter(kind="staff_sign_in_failed", chain="sign-in")
    assert lines.count() == int(credential == RUBBISH)


def test_a_passkey_that_does_not_hold_is_in_the_log(client, user):
    sign_in(client, user)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Old"})
    again = "/account/second-factor/webauthn/reauthenticate/"
    client.post(again, {"credential": RUBBISH})
    line = AuditEvent.objects.get(kind="staff_second_factor_failed")
    assert line.object_id == str(user.pk)
    assert line.detail == {"factor": "webauthn"}


def test_the_button_is_there_and_waits_for_its_script(client):
    page = client.get("/account/login/").content.decode()
    assert re.search(r"<form[^>]* data-passkey hidden>", page)
    for script in re.findall(r"<script[^>]*>", page):
        assert 'nonce="' in script


def test_a_passkey_is_renamed(client, user):
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Old"})
    sign_in(client, user)
    edit = reverse("mfa_edit_webauthn", args=[key.pk])
    client.post(edit, {"name": "Work laptop"})
    key.refresh_from_db()
    assert key.data["name"] == "Work laptop"
    assert client.post(edit, {"name": "x" * 61}).status_code == 200
    listed = client.get(reverse("mfa_list_webauthn"))
    assert listed["Location"] == reverse("mfa_index")
    assert "Work laptop" in client.get(listed["Location"]).content.decode()
