"""Makes the soak's tables, its clinic, its staff and its invitations; prints what patients need."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.soak.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - needs the apps loaded
from django.utils import timezone  # noqa: E402

from core import webhook  # noqa: E402
from core.audit import Actor  # noqa: E402
from core.models import Clinic, Patient, PatientIdentifier, Role, User  # noqa: E402
from screening import actions  # noqa: E402
from tests.soak.names import GONE  # noqa: E402

BORN = "1990-01-15"
LANGUAGES = ("en", "en", "en", "es-US")


def ladder(hooks: str) -> list[dict[str, object]]:
    """Every way of being told: two addresses, one that is gone, webhooks."""
    team = ["team@clinic.example", GONE]
    return [
        {"step": "team", "emails": team, "webhooks": [f"{hooks}/team"]},
        {"step": "on-call", "emails": ["oncall@clinic.example"], "webhooks": []},
        {
            "step": "supervisor",
            "emails": ["boss@clinic.example"],
            "webhooks": [f"{hooks}/boss"],
        },
    ]


def make_clinic(hooks: str) -> Clinic:
    at = timezone.now()
    clinic = Clinic.objects.create(
        name="Soak Clinic",
        phone="202-555-0100",
        languages=["en", "es-US"],
        ladder=ladder(hooks),
        webhook_secret=webhook.new_secret(),
        created_at=at,
    )
    for name in ("alice", "bob"):
        User.objects.create_user(
            f"{name}@clinic.example",
            role=Role.CLINICIAN,
            name=name.title(),
            clinic=clinic,
            created_at=at,
        )
    return clinic


def invite(clinic: Clinic, number: int) -> dict[str, str]:
    at, language = timezone.now(), LANGUAGES[number % len(LANGUAGES)]
    patient = Patient.objects.create(
        clinic=clinic,
        family_name=f"Soakfamily{number:04}",
        given_name=f"Soakgiven{number:04}",
        birth_date=BORN,
        language=language,
        created_at=at,
    )
    PatientIdentifier.objects.create(
        clinic=clinic,
        patient=patient,
        system="record-number",
        value=f"SOAK-{number:06}",
    )
    invited = actions.invite(
        patient=patient,
        battery=["phq-9", "gad-7"],
        language=language,
        by=Actor.system("soak"),
        at=at,
    )
    return {
        "token": invited.token,
        "screening": str(invited.screening.id),
        "born": BORN,
        "language": language,
    }


def main(count: int, hooks: str) -> None:
    call_command("migrate", verbosity=0)
    clinic = make_clinic(hooks)
    json.dump([invite(clinic, number) for number in range(count)], sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
