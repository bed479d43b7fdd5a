"""Signing in and out leaves a line in the audit log, and never the typed address."""

from datetime import timedelta

import pytest
import time_machine

from core import audit
from core.models import AuditEvent
from tests.config.test_signin import ACTIVATE, PASSWORD, code, login
from tests.core.people import AT, make_clinic, make_user

pytestmark = pytest.mark.django_db
AUTHENTICATE = "/account/second-factor/authenticate/"


@pytest.fixture
def user():
    return make_user(make_clinic(), email="ada@example.org", password=PASSWORD)


def lines(chain: str) -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.filter(chain=chain).order_by("seq")
    return [(row.kind, row.actor_kind, row.object_id) for row in rows]


def test_sign_in_and_out_are_in_the_clinics_log(client, user):
    login(client)
    client.post("/account/logout/")
    chain = f"clinic:{user.clinic_id}"
    assert lines(chain) == [
        ("staff_signed_in", "STAFF", str(user.pk)),
        ("staff_signed_out", "STAFF", str(user.pk)),
    ]
    assert audit.verify(chain) == []


def test_wrong_password_is_in_the_clinics_log(client, user):
    login(client, email=" Ada@Example.org", password="wrong wrong")
    assert lines(f"clinic:{user.clinic_id}") == [
        ("staff_sign_in_failed", "SYSTEM", str(user.pk))
    ]


def test_unknown_address_is_kept_as_an_index_only(client, user):
    for email in ("nobody@example.org", "nobody@example.org", "other@example.org"):
        login(client, email=email)
    rows = list(AuditEvent.objects.order_by("seq"))
    assert {row.chain for row in rows} == {"sign-in"}
    assert len({row.object_id for row in rows}) == 2
    assert "example" not in str([vars(row) for row in rows])
    assert audit.verify_all() == []


def test_account_without_a_clinic_has_its_lines_too(client, user):
    type(user).objects.update(clinic=None)
    login(client)
    assert lines("sign-in") == [("staff_signed_in", "STAFF", str(user.pk))]


def test_wrong_second_factor_is_in_the_clinics_log(client, user):
    with time_machine.travel(AT, tick=False) as clock:
        login(client)
        client.get(ACTIVATE)
        secret = client.session["mfa.totp.secret"]
        client.post(ACTIVATE, {"code": code(secret, AT)})
        client.post("/account/logout/")
        clock.shift(timedelta(minutes=1))
        login(client)
        client.post(AUTHENTICATE, {"code": "000000"})
    assert lines(f"clinic:{user.clinic_id}")[-1] == (
        "staff_second_factor_failed",
        "SYSTEM",
        str(user.pk),
    )


def test_leaving_without_having_come_is_nothing(client, user):
    client.logout()
    assert not AuditEvent.objects.exists()
