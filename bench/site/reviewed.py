"""Reviewed cases in any number, for the team's figures: flagged, taken, closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, models, transaction

from bench.site.cases import EVIDENCE
from clinicians.models import ReviewEvent
from core.models import Clinic, Patient, User
from screening.models import Episode, Flag, Screening

BATCH = 2_000
TIERS = ("URGENT", "HIGH", "ROUTINE", "CONCERN")
RULES = ("item-9", "phq-9-severe", "phq-9-cut", "crisis-words-concern")
ENDS = ("follow-up", "explained", "not-reached", "in-care")
MINUTE = timedelta(minutes=1)


def fill(home: Clinic, by: User, count: int, *, newest: datetime, days: int) -> None:
    """Store `count` closed cases that were opened in the `days` up to `newest`."""
    patient = Patient.objects.create(
        clinic=home, family_name="Bench", birth_date="1990-01-15", created_at=newest
    )
    apart = timedelta(days=days) / max(count, 1)
    for begun in range(0, count, BATCH):
        numbers = range(begun, min(begun + BATCH, count))
        _batch(patient, by, [(n, newest - n * apart) for n in numbers])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@transaction.atomic
def _batch(patient: Patient, by: User, moments: Sequence[tuple[int, datetime]]) -> None:
    episodes = [_episode(patient, n, at) for n, at in moments]
    screenings = [_screening(patient, n, at) for n, at in moments]
    rows = list(zip(moments, episodes, screenings, strict=True))
    _store(episodes)
    _store(screenings)
    _store([_flag(one, sitting, n, at) for (n, at), one, sitting in rows])
    _store([e for (n, at), one, _ in rows for e in _events(one, by, n, at)])


def _store(rows: Sequence[models.Model]) -> None:
    type(rows[0])._default_manager.bulk_create(rows)


def _episode(patient: Patient, number: int, at: datetime) -> Episode:
    place = number % len(TIERS)
    return Episode(
        clinic=patient.clinic,
        patient=patient,
        tier=TIERS[place],
        tier_rank=place,
        status=Episode.Status.CLOSED,
        opened_at=at,
        due_at=at + 240 * MINUTE,
        closed_at=at + (number % 5_000 + 20) * MINUTE,
        disposition=ENDS[number % 4],
        last_flag_at=at,
    )


def _screening(patient: Patient, number: int, at: datetime) -> Screening:
    return Screening(
        clinic=patient.clinic,
        patient=patient,
        battery=["phq-9"],
        language="es-US" if number % 5 == 0 else "en",
        status=Screening.Status.COMPLETED,
        created_at=at - timedelta(hours=1),
        started_at=at,
        completed_at=at,
    )


def _flag(case: Episode, sitting: Screening, number: int, at: datetime) -> Flag:
    return Flag(
        clinic=case.clinic,
        patient=case.patient,
        screening=sitting,
        episode=case,
        rule=RULES[number % 4],
        rule_version="2026.1",
        tier=case.tier,
        title="A flag",
        key="bench",
        evidence=EVIDENCE,
        raised_at=at,
        due_at=case.due_at,
    )


def _events(
    case: Episode, by: User, number: int, at: datetime
) -> Sequence[ReviewEvent]:
    kinds = ReviewEvent.Kind
    taken, shut = at + (number % 400 + 1) * MINUTE, case.closed_at or at
    given = {"episode": case, "seconds": number % 600}
    return [
        ReviewEvent(episode=case, kind=kinds.ESCALATED, at=at, code="team"),
        ReviewEvent(kind=kinds.ACKNOWLEDGED, by=by, at=taken, **given),
        ReviewEvent(kind=kinds.CONTACT, by=by, at=taken + MINUTE, **given),
        ReviewEvent(kind=kinds.CLOSED, by=by, at=shut, code=case.disposition, **given),
    ]
