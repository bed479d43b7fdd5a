"""Whoever signs in lands on a page that they may open."""

import pytest

from clinicians.presenters.shell import first_page
from core.models import Role, User
from tests.cast import Cast, make_user, signed_in
from tests.support.html import check_html


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


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.FRONT_DESK, "/staff/patients/"),
        (Role.WORDING_REVIEWER, "/staff/wordings/"),
        (Role.LIVED_EXPERIENCE, "/staff/wordings/"),
        (Role.AUDITOR, "/staff/emergencies/"),
    ],
)
def test_queue_leads_whoever_may_not_see_it_to_their_own_page(cast: Cast, role, page):
    client = signed_in(make_user(cast.clinic, role))
    response = client.get("/staff/", follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert response.status_code == 200
    check_html(response.content.decode())


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_page(role):
    assert first_page(User(role=role, clinic_id="c"))


def test_only_the_queues_address_leads_on(cast: Cast):
    client = signed_in(cast.fred)
    assert client.get("/staff/live/").status_code == 403
    assert client.post("/staff/").status_code == 403


def test_account_without_a_clinic_is_refused(cast: Cast):
    client = signed_in(make_user(None, Role.CLINICIAN))
    assert client.get("/staff/home/").status_code == 403
    assert client.get("/staff/", follow=True).status_code == 403


def test_stranger_is_asked_to_sign_in(client, cast: Cast):
    assert client.get("/staff/home/")["Location"].startswith("/account/login/")
