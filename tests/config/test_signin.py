"""Signing in as staff do: password, second factor, recovery, limits."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache

from tests.core.people import AT, make_clinic, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
ACTIVATE = "/account/second-factor/totp/activate/"


@pytest.fixture
def user():
    return make_user(make_clinic(), email="ada@example.org", password=PASSWORD)


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as travelling:
        yield travelling


def login(client, email="ada@example.org", password=PASSWORD):
    return client.post("/account/login/", {"login": email, "password": password})


def code(secret, clock_at):
    return format_hotp_value(hotp_value(secret, int(clock_at.timestamp()) // 30))


@pytest.fixture
def enrol(client, user, clock):
    """Sets the second factor up as a person does; gives back its key."""

    def do():
        login(client)
        page = client.get(ACTIVATE).content.decode()
        [secret] = re.findall(r"<code>(\w+)</code>", page)
        client.post(ACTIVATE, {"code": code(secret, AT)})
        return secret

    return do


def test_first_sign_in_leads_through_the_second_factor(client, enrol):
    assert login(client)["Location"] == "/staff/home/"
    assert client.get("/staff/")["Location"] == ACTIVATE
    page = client.get(ACTIVATE).content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    secret = enrol()
    codes = client.get("/account/second-factor/recovery-codes/")
    assert codes.status_code == 200
    stored = [str(row.data) for row in Authenticator.objects.all()]
    assert len(stored) == 2
    assert not any(secret in text for text in stored)


def test_a_wrong_code_sets_nothing_up(client, user, clock):
    login(client)
    client.get(ACTIVATE)
    page = client.post(ACTIVATE, {"code": "000000"}).content.decode()
    assert "Incorrect code. Each holds for half a minute, and once: wait" in page
    assert not Authenticator.objects.exists()


def test_next_sign_in_asks_for_the_code_and_takes_it_once(client, enrol, clock):
    secret = enrol()
    client.post("/account/logout/")
    clock.shift(timedelta(minutes=1))
    assert login(client)["Location"].startswith("/account/second-factor/authenticate/")
    now = code(secret, AT + timedelta(minutes=1))
    done = client.post("/account/second-factor/authenticate/", {"code": now})
    assert done["Location"] == "/staff/home/"
    assert client.get("/account/second-factor/").status_code == 200
    client.post("/account/logout/")
    login(client)
    again = client.post("/account/second-factor/authenticate/", {"code": now})
    assert "Incorrect code" in again.content.decode()


def test_a_code_of_the_last_half_minute_is_too_old(client, enrol, clock):
    secret = enrol()
    client.post("/account/logout/")
    clock.shift(timedelta(minutes=5))
    login(client)
    old = code(secret, AT + timedelta(minutes=5, seconds=-30))
    page = client.post("/account/second-factor/authenticate/", {"code": old})
    assert "Incorrect code" in page.content.decode()


def test_a_recovery_code_lets_in_once(client, enrol):
    enrol()
    saved = client.get("/account/second-factor/recovery-codes/download/")
    one = saved.content.decode().split()[0]
    for expected in (302, 200):
        client.post("/account/logout/")
        login(client)
        page = client.post("/account/second-factor/authenticate/", {"code": one})
        assert page.status_code == expected


def test_the_second_factor_cannot_be_taken_away(client, enrol):
    enrol()
    client.post("/account/second-factor/totp/deactivate/")
    assert Authenticator.objects.count() == 2


def test_known_and_unknown_addresses_read_the_same(client, user):
    def page(email):
        body = login(client, email=email, password="wrong wrong").content.decode()
        body = re.sub(r'value="[^"]*"', "", body)
        return re.sub(r'nonce="[^"]*"', "", body)

    assert page("ada@example.org") == page("nobody@example.org")


def test_sixth_wrong_password_is_not_even_tried(client, user):
    for _ in range(5):
        login(client, password="wrong wrong")
    body = login(client).content.decode()
    assert "Too many failed login attempts" in body
    assert "_auth_user_id" not in client.session


def test_limits_stand_in_the_database(client, user, django_assert_num_queries):
    login(client, password="wrong wrong")
    with django_assert_num_queries(1):
        cache.get("anything")


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_forgotten_password_reads_the_same_for_everybody(client, user, email):
    answer = client.post("/account/password/reset/", {"email": email}, follow=True)
    assert "We sent a message" in answer.content.decode()
    assert mail.outbox[0].to == [email]
    assert "example.com" not in mail.outbox[0].body


def test_a_new_password_does_not_go_round_the_second_factor(client, enrol):
    enrol()
    client.post("/account/logout/")
    mail.outbox.clear()
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    [link] = re.findall(r"http\S+", str(mail.outbox[0].body))
    form = client.get(link, follow=True).request["PATH_INFO"]
    words = {"password1": "another long password", "password2": "another long password"}
    client.post(form, words)
    assert "_auth_user_id" not in client.session
    answer = login(client, password="another long password")
    assert answer["Location"].startswith("/account/second-factor/authenticate/")


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/"])
def test_pages_that_administrators_replace_are_closed(client, enrol, path):
    enrol()
    assert client.get(f"/account/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "inactive/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "password/reset/key/1-2/",
    ],
)
def test_pages_before_signing_in_are_drawn(client, path):
    assert client.get(f"/account/{path}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "logout/",
        "password/change/",
        "reauthenticate/",
        "second-factor/",
        "second-factor/reauthenticate/",
        "second-factor/recovery-codes/",
        "second-factor/recovery-codes/generate/",
        "second-factor/totp/deactivate/",
    ],
)
def test_pages_after_signing_in_are_drawn(client, enrol, path):
    enrol()
    assert client.get(f"/account/{path}").status_code == 200


def test_a_changed_password_is_told_by_mail(client, enrol):
    enrol()
    mail.outbox.clear()
    words = {
        "oldpassword": PASSWORD,
        "password1": "b" * 9 + "cde",
        "password2": "b" * 9 + "cde",
    }
    client.post("/account/password/change/", words)
    assert "If this was not you" in mail.outbox[0].body
