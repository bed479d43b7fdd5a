"""A queue to look at, a mountain of closed cases behind it, and a clinician."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, models, transaction
from django.utils import timezone

from clinicians.actions.patients import RECORD_NUMBER
from clinicians.models import ReviewEvent
from core.models import Clinic, Patient, PatientIdentifier, Role, User
from core.permissions import SECOND_FACTOR
from screening.models import Episode, Flag, Screening

BATCH = 500
EVIDENCE = json.dumps(
    {
        "link_id": "/44260-8",
        "item_text": "The words of the item",
        "value": 1,
        "option_text": "Several days",
        "words": None,
        "detail": "answered 1",
    }
)


def signed_in(home: Clinic) -> str:
    """Return the cookie of a clinician who showed the second factor."""
    user, _ = User.objects.get_or_create(
        email="bench@clinic.example",
        defaults={
            "clinic": home,
            "name": "B. Bench",
            "role": Role.CLINICIAN,
            "created_at": timezone.now(),
        },
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = session[SECOND_FACTOR] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def fill(home: Clinic, status: str, count: int) -> None:
    """Store `count` cases of one status, each of a patient of its own."""
    for begun in range(0, count, BATCH):
        _batch(home, status, range(begun, min(begun + BATCH, count)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@transaction.atomic
def _batch(home: Clinic, status: str, numbers: Sequence[int]) -> None:
    now = timezone.now()
    patients = [_patient(home, now) for _ in numbers]
    episodes = [
        _episode(patient, status, now - timedelta(minutes=number))
        for number, patient in zip(numbers, patients, strict=True)
    ]
    screenings = [_screening(patient, now) for patient in patients]
    flags = [
        _flag(episode, screening, now)
        for episode, screening in zip(episodes, screenings, strict=True)
    ]
    numbered = [
        _number(p, f"{status}-{n}") for n, p in zip(numbers, patients, strict=True)
    ]
    contact = ReviewEvent.Kind.CONTACT
    events = [ReviewEvent(episode=one, kind=contact, at=now) for one in episodes]
    for rows in (patients, numbered, episodes, screenings, flags, events):
        _store(rows)


def _store(rows: Sequence[models.Model]) -> None:
    type(rows[0])._default_manager.bulk_create(rows)


def _patient(home: Clinic, now: datetime) -> Patient:
    return Patient(
        clinic=home,
        family_name="Bench",
        given_name="Alex",
        birth_date="1990-01-15",
        created_at=now,
    )


def _number(patient: Patient, value: str) -> PatientIdentifier:
    row = PatientIdentifier(
        clinic=patient.clinic, patient=patient, system=RECORD_NUMBER, value=value
    )
    row.set_indexes()
    return row


def _episode(patient: Patient, status: str, at: datetime) -> Episode:
    return Episode(
        clinic=patient.clinic,
        patient=patient,
        tier="URGENT",
        tier_rank=0,
        value_rank=1,
        status=status,
        opened_at=at,
        due_at=at + timedelta(minutes=30),
        closed_at=at if status == Episode.Status.CLOSED else None,
        last_flag_at=at,
    )


def _screening(patient: Patient, now: datetime) -> Screening:
    return Screening(
        clinic=patient.clinic,
        patient=patient,
        battery=["phq-9"],
        language="en",
        created_at=now,
    )


def _flag(episode: Episode, screening: Screening, now: datetime) -> Flag:
    return Flag(
        clinic=screening.clinic,
        patient=screening.patient,
        screening=screening,
        episode=episode,
        rule="item-9",
        rule_version="2026.1",
        tier="URGENT",
        title="Thoughts of death or self-harm",
        key="item-9:/44260-8:1",
        evidence=EVIDENCE,
        raised_at=now,
    )
