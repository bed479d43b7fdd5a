"""Pages for when things go wrong: they help, and need nothing that may be gone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, UnreadablePostError
from django.test import Client, RequestFactory

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
        (lambda: errors.short_break(HttpRequest()), 503),
    ],
)
def test_error_pages_offer_help_without_a_database(page, status):
    answer = page()
    assert answer.status_code == status
    assert b"/help" in answer.content


def test_while_it_is_worked_on_help_stays_open_and_nothing_sent_is_lost(
    client, settings
):
    settings.MAINTENANCE = True
    answer = client.post("/question/1/1/", {"words": "all days are grey"})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert "We need a short break" in page
    assert 'name="words" value="all days are grey"' in page
    assert 'href="/help/"' in page
    assert client.get("/start/").status_code == 503
    staff = client.get("/staff/").content.decode()
    assert "Check-in is being worked on." in staff
    for path in ("/help/", "/read/1/", "/livez"):
        assert client.get(path).status_code == 200


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


def sent(path: str) -> str:
    fields = {"key": "0.17.ab", "choice": "2", "words": 'so "tired" <b>', "login": "a"}
    return errors.server_error(RequestFactory().post(path, fields)).content.decode()


def test_what_a_patient_sent_can_be_sent_again_as_it_was():
    page = sent("/question/1/9/?turn=&note=")
    assert 'action="/question/1/9/?turn=&amp;note="' in page
    assert '<input type="hidden" name="key" value="0.17.ab">' in page
    assert 'name="words" value="so &quot;tired&quot; &lt;b&gt;"' in page
    assert "Send it again" in page


def test_what_staff_sent_is_not_repeated():
    for path in ("/account/login/", "/staff/cases/1/", "/fhir/R4/"):
        assert 'type="hidden"' not in sent(path)


def test_page_comes_where_what_was_sent_cannot_be_read(monkeypatch):
    def broken(_request):
        raise UnreadablePostError

    request = RequestFactory().post("/question/1/9/", {"key": "0.17.ab"})
    monkeypatch.setattr(type(request), "POST", property(broken))
    assert "Try again" in errors.server_error(request).content.decode()
