"""With the database down the pages that help are served, whatever cookies come."""

import uuid

import pytest
from django.conf import settings
from django.core import signing
from django.db import OperationalError
from django.test import Client

from screening.views.session import OPENING_SALT, SALT, cookie_name

# Not one of these tests may reach a database: every query raises.


@pytest.fixture(autouse=True)
def _database_down(monkeypatch):
    def down(*_args, **_kwargs):
        raise OperationalError("the server closed the connection")

    place = "django.db.backends.base.base.BaseDatabaseWrapper"
    monkeypatch.setattr(f"{place}.ensure_connection", down)
    monkeypatch.setattr(f"{place}.cursor", down)


def staff() -> dict[str, str]:
    return {settings.SESSION_COOKIE_NAME: "a" * 32}


def patient() -> dict[str, str]:
    payload = {"s": str(uuid.uuid4()), "n": "nonce", "c": "US", "l": "en"}
    return {
        cookie_name("checkin"): signing.dumps(payload, salt=SALT),
        cookie_name("opening"): signing.dumps(str(uuid.uuid4()), salt=OPENING_SALT),
    }


def browser(cookies: dict[str, str]) -> Client:
    client = Client(raise_request_exception=False)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


@pytest.fixture(params=["none", "staff", "patient", "both"])
def client(request) -> Client:
    cookies = {
        "none": {},
        "staff": staff(),
        "patient": patient(),
        "both": {**staff(), **patient()},
    }
    return browser(cookies[request.param])


@pytest.mark.parametrize(
    ("path", "status"),
    [("/help/", 200), ("/", 200), ("/exit/", 302), ("/livez", 200), ("/nowhere/", 404)],
)
def test_page_is_served_without_a_database(client, path, status):
    assert client.get(path).status_code == status


def test_help_page_has_its_numbers_without_a_database(client):
    assert "988" in client.get("/help/").content.decode()


def test_page_of_a_patient_that_needs_the_database_fails_with_the_way_to_help():
    answer = browser({**staff(), **patient()}).get("/review/")
    assert answer.status_code in (500, 503)
    assert "/help/" in answer.content.decode()


@pytest.mark.parametrize("path", ["/staff/", "/account/login/"])
def test_page_of_staff_fails_with_the_error_page(path):
    answer = browser(staff()).get(path)
    assert answer.status_code == 500
    assert "wrong on our side" in answer.content.decode()
