"""Reads what the database holds after a soak; prints it as JSON for the judge."""

import dataclasses
import json
import os
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.soak.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from clinicians.definitions import review_policy  # noqa: E402
from clinicians.models import Notice, ReviewEvent  # noqa: E402
from core import audit  # noqa: E402
from core.models import Clinic, Patient  # noqa: E402
from screening.actions.clock import due_at  # noqa: E402
from screening.domain.rules import Tier  # noqa: E402
from screening.models import Answer, Episode, Flag, Screening, Turn  # noqa: E402
from tests.soak.facts import (  # noqa: E402
    AnswerRow,
    EpisodeRow,
    EventRow,
    FlagRow,
    NoticeRow,
    Rests,
    Rows,
    TurnRow,
)
from tests.soak.names import GONE  # noqa: E402


def events(episode: Episode) -> list[EventRow]:
    return [
        EventRow(kind=row.kind, code=row.code, at=row.at)
        for row in ReviewEvent.objects.filter(episode=episode)
    ]


def episodes() -> list[EpisodeRow]:
    return [
        EpisodeRow(
            id=str(row.id),
            status=row.status,
            tier=row.tier,
            opened_at=row.opened_at,
            events=events(row),
        )
        for row in Episode.objects.all()
    ]


def notices() -> list[NoticeRow]:
    return [
        NoticeRow(
            key=row.key,
            episode=str(row.episode_id),
            round=row.round,
            step=row.step,
            channel=row.channel,
            recipient=row.recipient,
            created_at=row.created_at,
            attempts=row.attempts,
            sent=row.sent_at is not None,
            stopped=row.stopped_at is not None,
            failed=row.failed_at is not None,
            owed=row.next_at is not None,
        )
        for row in Notice.objects.all()
    ]


def flags() -> list[FlagRow]:
    return [
        FlagRow(
            screening=str(row.screening_id),
            episode=str(row.episode_id),
            rule=row.rule,
            key=row.key,
            tier=row.tier,
            raised_at=row.raised_at,
            due_at=due_at(row.clinic, Tier(row.tier), at=row.raised_at),
        )
        for row in Flag.objects.select_related("clinic")
    ]


def answers() -> list[AnswerRow]:
    return [
        AnswerRow(
            screening=str(row.screening_id),
            key=row.turn.key if row.turn else "",
            link_id=row.link_id,
            value=row.value,
            declined=row.declined,
        )
        for row in Answer.objects.select_related("turn")
    ]


def rests(clinic: Clinic) -> dict[str, Rests]:
    return {
        tier.value: Rests(
            acknowledged=rest.acknowledged,
            in_progress=rest.in_progress,
            to_confirm=rest.to_confirm,
            step=rest.step or clinic.escalate_minutes,
            repeat=rest.repeat,
        )
        for tier, rest in review_policy().patience.items()
    }


def secrets() -> list[str]:
    """What no message may hold: the patients' names."""
    names = Patient.objects.all()
    return [name for row in names for name in (row.family_name, row.given_name)]


def rows() -> Rows:
    clinic = Clinic.objects.get()
    return Rows(
        turns=[
            TurnRow(screening=str(row.screening_id), key=row.key, kind=row.kind)
            for row in Turn.objects.all()
        ],
        answers=answers(),
        flags=flags(),
        episodes=episodes(),
        notices=notices(),
        screenings={str(row.id): row.status for row in Screening.objects.all()},
        rests=rests(clinic),
        told={
            rung["step"]: len(rung["emails"]) + len(rung["webhooks"])
            for rung in clinic.ladder
        },
        gone=GONE,
        secrets=secrets(),
        audit_faults=audit.verify_all(),
        now=timezone.now(),
    )


def main() -> None:
    def plain(value: object) -> str:
        assert isinstance(value, datetime)
        return value.isoformat()

    json.dump(dataclasses.asdict(rows()), sys.stdout, default=plain)


if __name__ == "__main__":
    main()
