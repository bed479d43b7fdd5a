"""Headers, language, session limits and the second factor, on real requests."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings

from core.permissions import SECOND_FACTOR
from tests.core.people import AT, make_clinic, make_user, sign_in

PAGE = "/account/second-factor/"


@pytest.fixture
def user(db):
    return make_user(make_clinic())


def test_headers_of_every_page(client, db):
    answer = client.get("/account/login/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_staff_pages_are_english_whatever_the_browser_says(client, db):
    answer = client.get("/account/login/", headers={"accept-language": "es"})
    assert answer["Content-Language"] == "en"


def test_session_ends_after_half_an_hour_of_rest(client, user):
    with time_machine.travel(AT, tick=False) as clock:
        sign_in(client, user)
        for minutes in (20, 20, 29):
            clock.shift(timedelta(minutes=minutes))
            assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get(PAGE)["Location"].startswith("/account/login/")


def test_session_ends_after_twelve_hours_of_work(client, user):
    with time_machine.travel(AT, tick=False) as clock:
        sign_in(client, user)
        answers = []
        for _ in range(13 * 3):
            answers.append(client.get(PAGE).status_code)
            clock.shift(timedelta(minutes=20))
        assert answers.index(302) == 12 * 3 + 1


def test_session_row_is_not_written_by_every_request(
    client, user, django_assert_max_num_queries
):
    with time_machine.travel(AT, tick=False):
        sign_in(client, user)
        client.get("/account/password/change/")
        with django_assert_max_num_queries(3) as asked:
            client.get("/account/password/change/")
    assert not [q for q in asked.captured_queries if q["sql"].startswith("UPDATE")]


def test_page_for_patients_leaves_the_session_of_staff_alone(client, user):
    sign_in(client, user)
    answer = client.get("/help/")
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert client.get(PAGE).status_code == 200


def test_staff_without_a_second_factor_set_one_up_first(client, user):
    client.force_login(user)
    assert client.get(PAGE)["Location"] == "/account/second-factor/totp/activate/"


def test_staff_who_showed_no_factor_show_it_first(client, user):
    Authenticator.objects.create(user=user, type="totp", data={})
    client.force_login(user)
    answer = client.get(PAGE)
    assert answer["Location"].startswith("/account/second-factor/reauthenticate/?next=")


def test_a_factor_shown_by_somebody_else_does_not_count(client, user):
    sign_in(client, user)
    session = client.session
    session[SECOND_FACTOR] = "another"
    session.save()
    assert client.get(PAGE).status_code == 302


def test_an_account_that_is_closed_has_no_session(client, user):
    sign_in(client, user)
    type(user).objects.update(is_active=False)
    assert client.get(PAGE)["Location"].startswith("/account/login/")
