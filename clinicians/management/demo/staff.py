"""The synthetic staff of the demo, with second factors that the demo can show."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from core.models import Clinic, Role, User


@dataclass(frozen=True)
class SignIn:
    """What a visitor needs to sign in as one member of staff."""

    user: User
    password: str


TEAM = (
    ("ada@demo.example", "Ada Admin (synthetic)", Role.ADMINISTRATOR),
    ("cleo@demo.example", "Cleo Clinician (synthetic)", Role.CLINICIAN),
    ("chris@demo.example", "Chris Clinician (synthetic)", Role.CLINICIAN),
    ("sam@demo.example", "Sam Supervisor (synthetic)", Role.SUPERVISOR),
    ("fran@demo.example", "Fran Frontdesk (synthetic)", Role.FRONT_DESK),
    ("lee@demo.example", "Lee Lived-Experience (synthetic)", Role.LIVED_EXPERIENCE),
)


def make_team(clinic: Clinic, *, at: datetime) -> list[SignIn]:
    """Create the team, each with a password of its own and an authenticator."""
    made = []
    for email, name, role in TEAM:
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        user = User.objects.create_user(
            email=email,
            password=password,
            name=name,
            role=role.value,
            clinic=clinic,
            created_at=at,
        )
        TOTP.activate(user, generate_totp_secret())
        made.append(SignIn(user, password))
    return made
