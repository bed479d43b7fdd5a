"""Screenings ready for their first answer, and the posts that answer them."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from core.audit import Actor
from core.models import Clinic, Patient
from screening import actions
from screening.engine import Claim
from screening.models import Screening
from screening.models.sitting import load
from screening.views import session

BORN = "1990-01-15"
BATTERY = ["phq-9", "gad-7"]
CSRF = "benchbenchbenchbenchbenchbench00"


def clinic() -> Clinic:
    """The clinic that the screenings belong to, staffed on weekdays."""
    hours = {str(day): [["08:00", "18:00"]] for day in range(5)}
    return Clinic.objects.get_or_create(
        name="Bench",
        defaults={
            "phone": "202-555-0100",
            "staffed_hours": hours,
            "created_at": timezone.now(),
        },
    )[0]


def sitting(home: Clinic) -> dict[str, Any]:
    """One consented screening: its cookie and its posts, in order."""
    screening = _consented(home)
    response = HttpResponse()
    claim = Claim(screening_id=screening.id, nonce=screening.session_nonce)
    session.begin(response, claim, country="US", language="en")
    cookies = {name: morsel.value for name, morsel in response.cookies.items()}
    cookies[settings.CSRF_COOKIE_NAME] = CSRF
    return {
        "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "posts": _posts(screening),
    }


def _consented(home: Clinic) -> Screening:
    at, by = timezone.now(), Actor.system("bench")
    patient = Patient.objects.create(
        clinic=home,
        family_name="Bench",
        given_name="Alex",
        birth_date=BORN,
        created_at=at,
    )
    invited = actions.invite(
        patient=patient, battery=BATTERY, language="en", by=by, at=at
    )
    opened = actions.open_invitation(
        invitation_id=invited.invitation.id, given=BORN, at=at
    )
    if opened is None:
        raise RuntimeError("The second check failed for a person just made.")
    actions.confirm_age(screening=opened, adult=True, at=at)
    return actions.give_consent(
        screening=opened, version="2026.1", ai_help=False, at=at
    )


def _posts(screening: Screening) -> list[dict[str, str]]:
    """Every scored item, one point each, nought for the one that raises a flag."""
    return [
        {
            "path": f"/question/{position + 1}/{item.number}/",
            "body": _body(item.link_id, 0 if item.safety else 1),
        }
        for position, administration in enumerate(load(screening.id).administrations)
        for item in administration.instrument.scored_items
    ]


def _body(link_id: str, value: int) -> str:
    at = int(timezone.now().timestamp())
    return urlencode(
        {
            "csrfmiddlewaretoken": CSRF,
            "key": f"0.{at}.{uuid.uuid4().hex[:16]}",
            "link_id": link_id,
            "choice": value,
            "shown": "",
            "words": "",
        }
    )
