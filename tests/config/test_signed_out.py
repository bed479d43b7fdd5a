"""A form that is sent after its session has ended: said plainly, and led back."""

from datetime import timedelta

import pytest
import time_machine

from tests.core.people import AT, make_clinic, make_user, sign_in

NOTE = "/staff/cases/7d0f2a3e-5a51-4a43-9a5e-1f2f7c1a0b01/note/"
CASE = "/staff/cases/7d0f2a3e-5a51-4a43-9a5e-1f2f7c1a0b01/"
NEXT = "/account/login/?next="
LOST = "You had been signed out before this was sent, so it was not saved."


@pytest.fixture
def rested(client, db):
    """A browser in which somebody was signed in and went away for too long."""
    with time_machine.travel(AT, tick=False):
        sign_in(client, make_user(make_clinic()))
        client.get("/account/password/change/")
    with time_machine.travel(AT + timedelta(minutes=31), tick=False):
        yield client


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        (f"http://testserver{CASE}", CASE),
        (f"http://testserver{CASE}?a=1", f"{CASE}%3Fa%3D1"),
        ("", "/staff/home/"),
        ("https://elsewhere.example/staff/", "/staff/home/"),
        ("http://testserver/help/", "/staff/home/"),
    ],
)
def test_after_signing_in_one_is_where_one_was(rested, referer, leads_to):
    answer = rested.post(NOTE, {"text": "A long note."}, headers={"referer": referer})
    assert answer.status_code == 302
    assert answer["Location"] == f"{NEXT}{leads_to}"
    assert LOST in rested.get(answer["Location"]).content.decode()


def test_who_was_never_signed_in_lost_nothing(client, db):
    answer = client.post(NOTE, headers={"referer": f"http://testserver{CASE}"})
    assert LOST not in client.get(answer["Location"]).content.decode()
    assert "staff" not in answer.cookies


def test_page_that_is_only_looked_at_leads_to_itself(rested):
    answer = rested.get(CASE)
    assert answer["Location"] == f"{NEXT}{CASE}"
    assert LOST not in rested.get(answer["Location"]).content.decode()
