"""Staff come, change and leave; each step is in the log and ends what it must."""

import pytest
from allauth.mfa.models import Authenticator

from core import accounts
from core.audit import Actor
from core.models import AuditEvent, Role, User
from tests.core.people import AT, make_clinic, make_user, sign_in

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


def add(clinic, **fields):
    given = {"email": " New@Example.org ", "name": "New", "role": Role.CLINICIAN}
    return accounts.add_staff(clinic=clinic, by=BY, at=AT, **{**given, **fields})


def test_create_clinic_is_in_the_log():
    clinic = accounts.create_clinic(
        name=" North ", country="us", time_zone="America/Chicago", by=BY, at=AT
    )
    assert (clinic.name, clinic.country) == ("North", "US")
    assert AuditEvent.objects.get().kind == "clinic_created"


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"country": "USA"}, {"time_zone": "Mars/Base"}]
)
def test_create_clinic_refuses_what_makes_no_sense(wrong):
    right = {"name": "North", "country": "US", "time_zone": "UTC"}
    with pytest.raises(accounts.AccountRefused):
        accounts.create_clinic(**{**right, **wrong}, by=BY, at=AT)


def test_add_staff_makes_an_account_that_waits_for_its_password():
    user = add(make_clinic())
    assert user.email == "new@example.org"
    assert not user.has_usable_password()
    assert AuditEvent.objects.get().detail == {"role": "CLINICIAN"}


@pytest.mark.parametrize(
    "wrong", [{"email": "no address"}, {"name": " "}, {"password": "short"}]
)
def test_add_staff_refuses_what_makes_no_sense(wrong):
    with pytest.raises(accounts.AccountRefused):
        add(make_clinic(), **wrong)


def test_add_staff_refuses_an_address_twice_whatever_its_case():
    clinic = make_clinic()
    add(clinic)
    with pytest.raises(accounts.AccountRefused, match="already"):
        add(clinic, email="NEW@example.org")


def test_password_path_sets_a_password_once(client):
    user = add(make_clinic())
    path = accounts.password_path(user)
    form = client.get(path, follow=True)
    url = form.request["PATH_INFO"]
    words = {"password1": "a long new password", "password2": "a long new password"}
    assert client.post(url, words, follow=True).status_code == 200
    user.refresh_from_db()
    assert user.check_password("a long new password")
    assert b"no longer works" in client.get(path, follow=True).content


@pytest.mark.parametrize(
    "leave",
    [
        lambda user: accounts.deactivate(user=user, by=BY, at=AT),
        lambda user: accounts.end_sessions(user=user, by=BY, at=AT),
        lambda user: accounts.remove_second_factor(user=user, by=BY, at=AT),
        lambda user: accounts.change_role(
            user=user, role=Role.FRONT_DESK, by=BY, at=AT
        ),
    ],
)
def test_sessions_end(client, leave):
    user = make_user(make_clinic())
    sign_in(client, user)
    assert client.get("/account/second-factor/").status_code == 200
    leave(User.objects.get(pk=user.pk))
    answer = client.get("/account/second-factor/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_reactivate_lets_somebody_in_again():
    user = make_user(make_clinic(), is_active=False)
    accounts.reactivate(user=user, by=BY, at=AT)
    assert User.objects.get().is_active


def test_remove_second_factor_takes_every_factor():
    user = make_user(make_clinic())
    Authenticator.objects.create(user=user, type="totp", data={})
    accounts.remove_second_factor(user=user, by=BY, at=AT)
    assert not Authenticator.objects.exists()
