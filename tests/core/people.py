"""The cast: a clinic, its staff, its patients, and how somebody signs in."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from core.models import Clinic, Patient, Role, User
from core.permissions import SECOND_FACTOR

AT = datetime(2025, 5, 12, 15, 0, tzinfo=UTC)


def make_clinic(name: str = "North", **fields: Any) -> Clinic:
    return Clinic.objects.create(**{"name": name, "created_at": AT, **fields})


def make_user(clinic: Clinic, role: Role = Role.CLINICIAN, **fields: Any) -> User:
    count = User.objects.count()
    given = {"email": f"user{count}@example.org", "name": f"User {count}"}
    password = fields.pop("password", None)
    user = User(clinic=clinic, role=role, created_at=AT, **{**given, **fields})
    user.set_password(password)
    user.save()
    return user


def make_patient(clinic: Clinic, **fields: Any) -> Patient:
    given = {
        "family_name": "Example",
        "given_name": "Robin",
        "birth_date": "1980-02-03",
    }
    return Patient.objects.create(clinic=clinic, created_at=AT, **{**given, **fields})


def sign_in(client: Client, user: User) -> Client:
    """Signed in with the second factor shown, without walking through the pages."""
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR] = str(user.pk)
    session.save()
    return client
