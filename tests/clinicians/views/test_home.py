"""Whoever signs in lands on a page that they may open."""

import pytest

from core.models import Role
from tests.cast import Cast, make_user, signed_in


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("alice", "/staff/"),
        ("sue", "/staff/"),
        ("ada", "/staff/"),
        ("fred", "/staff/patients/"),
        ("liv", "/staff/wordings/"),
    ],
)
def test_staff_land_on_the_first_page_of_their_menu(cast: Cast, who, page):
    client = signed_in(getattr(cast, who))
    response = client.get("/staff/home/", follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert response.status_code == 200


def test_address_typed_in_full_is_still_refused(cast: Cast):
    assert signed_in(cast.fred).get("/staff/").status_code == 403


def test_account_without_a_clinic_is_refused(cast: Cast):
    response = signed_in(make_user(None, Role.CLINICIAN)).get("/staff/home/")
    assert response.status_code == 403


def test_stranger_is_asked_to_sign_in(client, cast: Cast):
    assert client.get("/staff/home/")["Location"].startswith("/account/login/")
