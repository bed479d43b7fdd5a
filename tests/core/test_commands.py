"""The first commands of an installation: clinic, proof of the log, change of keys."""

import io
import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from core import crypto
from core.models import AuditChain, Clinic, Patient, Role, User
from tests.core.people import make_clinic, make_patient, make_user

pytestmark = pytest.mark.django_db
ADMIN = {"name": "North", "admin_email": "a@example.org", "admin_name": "Ada"}


def run(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_create_clinic_prints_a_link_that_sets_the_password(client):
    link = run("create_clinic", **ADMIN).splitlines()[-1]
    assert client.get(link, follow=True).status_code == 200
    assert User.objects.get().role == Role.ADMINISTRATOR
    assert Clinic.objects.get().ladder == [
        {"step": "team", "emails": ["a@example.org"]}
    ]


def test_create_clinic_reads_a_password(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long new password\n"))
    assert "http" not in run("create_clinic", password_stdin=True, **ADMIN)
    assert User.objects.get().check_password("a long new password")


def test_create_clinic_leaves_nothing_behind_when_refused():
    with pytest.raises(CommandError, match="time zone"):
        run("create_clinic", time_zone="Mars/Base", **ADMIN)
    with pytest.raises(CommandError, match="no crisis lines for UK. Known are: .*GB"):
        run("create_clinic", country="UK", **ADMIN)
    with pytest.raises(CommandError, match="valid email"):
        run("create_clinic", **{**ADMIN, "admin_email": "nothing"})
    assert not Clinic.objects.exists()


def test_verify_audit_says_what_it_read():
    run("create_clinic", **ADMIN)
    assert "2 lines in 1 chains" in run("verify_audit")
    assert json.loads(run("verify_audit", json=True))["faults"] == []


def test_verify_audit_fails_on_a_fault():
    AuditChain.objects.create(name="clinic:x", seq=3, head="y")
    with pytest.raises(CommandError, match="1 faults"):
        run("verify_audit")


def test_reencrypt_seals_with_the_first_key(settings):
    patient = make_patient(make_clinic())
    user = make_user(patient.clinic)
    secret = crypto.seal("seed", context="mfa_authenticator.data")
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    settings.FIELD_KEYS = {"new": bytes(32), **settings.FIELD_KEYS}
    assert run("reencrypt").startswith("4 texts")
    settings.FIELD_KEYS = {"new": bytes(32)}
    assert Patient.objects.get().display_name == "Robin Example"
    sealed = Authenticator.objects.get().data["secret"]
    assert crypto.open_sealed(sealed, context="mfa_authenticator.data") == "seed"
    assert run("reencrypt").startswith("0 texts")


def test_reencrypt_names_what_it_cannot_read(settings):
    patient = make_patient(make_clinic())
    settings.FIELD_KEYS = {"new": bytes(32)}
    with pytest.raises(CommandError, match=f"core_patient:{patient.pk}"):
        run("reencrypt")
