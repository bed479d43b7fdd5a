"""Pages for when things go wrong: they help, and need nothing that may be gone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client

from config import errors
from core.permissions import PermissionRefused
from tests.support.html import check_html


@pytest.mark.parametrize(
    ("page", "status"),
    [
        (lambda: errors.bad_request(HttpRequest(), Exception()), 400),
        (lambda: errors.forbidden(HttpRequest(), Exception()), 403),
        (lambda: errors.csrf_failure(HttpRequest()), 403),
        (lambda: errors.not_found(HttpRequest(), Exception()), 404),
        (lambda: errors.server_error(HttpRequest()), 500),
    ],
)
def test_error_pages_offer_help_without_a_database(page, status):
    answer = page()
    assert answer.status_code == status
    assert b"/help" in answer.content


def test_an_unknown_address_shows_the_page(client, db):
    answer = client.get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert "We cannot find this page" in answer.content.decode()


def test_a_form_from_elsewhere_shows_the_page(db):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/account/login/", {"login": "a"})
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()


def test_a_fault_shows_the_page(client, db, monkeypatch):
    def fail(*_args):
        raise ValueError

    client.raise_request_exception = False
    monkeypatch.setattr("config.health.readiness", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert "wrong on our side" in answer.content.decode()


STAFF_PAGES = [
    (lambda asked: errors.bad_request(asked, Exception()), 400),
    (lambda asked: errors.forbidden(asked, PermissionRefused("You may not.")), 403),
    (lambda asked: errors.csrf_failure(asked), 403),
    (lambda asked: errors.not_found(asked, Exception()), 404),
    (lambda asked: errors.server_error(asked), 500),
]


@pytest.mark.parametrize(("page", "status"), STAFF_PAGES)
def test_error_page_of_staff_wears_their_frame(rf, page, status):
    """Without a database too: no fixture of these tests gives them one."""
    answer = page(rf.get("/staff/cases/x/"))
    text = answer.content.decode()
    check_html(text)
    assert answer.status_code == status
    assert 'class="staff"' in text
    assert 'href="/staff/home/"' in text
    assert "If someone sent you the link" not in text


def test_refused_staff_are_told_why(rf):
    asked = rf.get("/staff/team/")
    told = errors.forbidden(asked, PermissionRefused("The role “x” may not y."))
    assert "The role “x” may not y." in told.content.decode()
    inside = errors.forbidden(asked, PermissionDenied("a secret of the inside"))
    assert "secret" not in inside.content.decode()
