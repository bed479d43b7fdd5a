"""What a clinic verified is under "Get help now" too, without asking a database."""

import pytest
from django.core import signing
from django.test import Client

from core.models import Clinic
from screening.actions import Invited
from screening.views import known_lines
from tests.screening.views.conftest import Visitor

LINE = "DE:telefonseelsorge:call-3"
HREF = 'href="tel:116123"'


@pytest.fixture
def opened(visitor: Visitor, clinic: Clinic, invited: Invited) -> Visitor:
    """A patient of a German clinic that rang one number, past the second check."""
    Clinic.objects.update(country="DE", lines_verified=[LINE])
    visitor.get(f"/i/{invited.token}/").post()
    return visitor.post(month="1", day="15", year="1990")


def test_own_line_is_shown_with_the_database_down(opened: Visitor, monkeypatch):
    assert HREF not in Client().get("/help/").content.decode()
    cookies = opened.client.cookies

    def down(*_args: object) -> None:
        raise AssertionError("the help page asked the database")

    alone = Client()
    alone.cookies = cookies
    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", down)
        page = alone.get("/help/").content.decode()
    assert HREF in page
    assert "0800" not in page


def test_leaving_takes_the_lines_back(opened: Visitor):
    opened.client.get("/exit/")
    assert opened.client.cookies["lines"].value == ""


def test_help_does_not_shrink_before_the_second_check_nor_at_rest(
    visitor: Visitor, clinic: Clinic, invited: Invited
):
    Clinic.objects.update(country="DE", lines_verified=[LINE])
    visitor.get(f"/i/{invited.token}/").post()
    before = visitor.client.get("/help/").content.decode()
    assert HREF in before
    assert 'href="/review/"' not in before
    visitor.get("/check/").post(month="1", day="15", year="1990")
    assert 'href="/review/"' in visitor.client.get("/help/").content.decode()
    del visitor.client.cookies["checkin"]  # it rested for too long
    after = visitor.client.get("/help/").content.decode()
    assert HREF in after
    assert "tel:988" not in after


def test_clinic_that_verified_none_tells_its_country_and_phone(asked: Visitor):
    told = signing.loads(asked.client.cookies["lines"].value, salt=known_lines.SALT)
    assert told == ["US", "phone:202-555-0100"]


def test_cookie_from_before_the_country_was_kept_still_counts(client: Client, rf):
    request = rf.get("/help/")
    request.COOKIES["lines"] = signing.dumps([LINE], salt=known_lines.SALT)
    assert known_lines.known(request) == ("", (LINE,), "")


@pytest.mark.parametrize("content", [{"a": 1}, "x", [1, None], [], None])
def test_cookie_of_another_shape_is_no_error(client: Client, content):
    client.cookies["lines"] = signing.dumps(content, salt=known_lines.SALT)
    assert client.get("/help/").status_code == 200
    client.cookies["lines"] = "forged"
    assert client.get("/help/").status_code == 200
