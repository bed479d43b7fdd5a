"""Raises flags and keeps the patient's open episode: never lowered, never lost."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from core.audit import Actor
from screening.actions import chain
from screening.actions.clock import due_at
from screening.domain.flags import RaisedFlag
from screening.domain.rules import Tier, tier_rank
from screening.models import Administration, Episode, Flag, Screening


def raise_flags(
    screening: Screening,
    raised: Sequence[RaisedFlag],
    *,
    by: Actor,
    at: datetime,
    administration: Administration | None = None,
    source: str = Flag.Source.RULE,
) -> list[Flag]:
    """Store new flags and open or raise the patient's episode, in the caller's
    transaction. A flag that this screening already has is left as it is.

    The caller holds the screening's row lock and saves its audit chain.
    """
    if not raised:
        return []
    fresh = _not_known(screening, raised)
    if not fresh:
        return []
    tier = min((flag.tier for flag in fresh), key=tier_rank)
    due = due_at(screening.clinic, tier, at=at)
    episode = _join_episode(screening, fresh, tier, due, at=at)
    rows = Flag.objects.bulk_create(
        _row(screening, flag, episode, administration, source, due, at)
        for flag in fresh
    )
    for row in rows:
        detail = {"rule": row.rule, "version": row.rule_version, "tier": row.tier}
        chain.note(
            screening,
            "FLAG_RAISED",
            by=Actor.system("flag-rules"),
            at=at,
            object_type="flag",
            object_id=row.id,
            detail=detail,
        )
    return rows


def _not_known(screening: Screening, raised: Sequence[RaisedFlag]) -> list[RaisedFlag]:
    keys = [flag.key for flag in raised]
    rows = Flag.objects.filter(screening=screening, key__in=keys)
    known = set(rows.values_list("key", flat=True))
    return [flag for flag in raised if flag.key not in known]


def _row(
    screening: Screening,
    flag: RaisedFlag,
    episode: Episode,
    administration: Administration | None,
    source: str,
    due: datetime,
    at: datetime,
) -> Flag:
    return Flag(
        clinic_id=screening.clinic_id,
        patient_id=screening.patient_id,
        screening=screening,
        administration=administration,
        episode=episode,
        rule=flag.rule,
        rule_version=flag.version,
        tier=flag.tier.value,
        title=flag.title,
        key=flag.key,
        evidence=json.dumps(flag.evidence.to_dict(), ensure_ascii=False),
        source=source,
        raised_at=at,
        due_at=due,
    )


def _join_episode(
    screening: Screening,
    fresh: Sequence[RaisedFlag],
    tier: Tier,
    due: datetime,
    *,
    at: datetime,
) -> Episode:
    value = max((flag.evidence.value or 0 for flag in fresh), default=0)
    episode = (
        Episode.objects.select_for_update()
        .filter(patient_id=screening.patient_id)
        .exclude(status=Episode.Status.CLOSED)
        .first()
    )
    if episode is None:
        try:
            with transaction.atomic():
                return _open_episode(screening, tier, value, due, at)
        except IntegrityError:
            # Another screening of this patient opened one a moment ago.
            episode = _open_episode_of(screening)
    _raise_episode(episode, tier, value, due, at)
    return episode


def _open_episode_of(screening: Screening) -> Episode:
    rows = Episode.objects.select_for_update().filter(patient_id=screening.patient_id)
    return rows.exclude(status=Episode.Status.CLOSED).get()


def _open_episode(
    screening: Screening, tier: Tier, value: int, due: datetime, at: datetime
) -> Episode:
    return Episode.objects.create(
        clinic_id=screening.clinic_id,
        patient_id=screening.patient_id,
        tier=tier.value,
        tier_rank=tier_rank(tier),
        value_rank=value,
        opened_at=at,
        due_at=due,
        last_flag_at=at,
        next_notice_at=at if tier is Tier.URGENT else due,
    )


def _raise_episode(
    episode: Episode, tier: Tier, value: int, due: datetime, at: datetime
) -> None:
    """Let a later flag raise an open episode; nothing here can lower it."""
    rises = tier_rank(tier) < episode.tier_rank
    if rises:
        episode.tier, episode.tier_rank = tier.value, tier_rank(tier)
    episode.value_rank = max(episode.value_rank, value)
    episode.due_at = min(episode.due_at, due)
    episode.last_flag_at = at
    episode.version += 1
    if tier is Tier.URGENT or rises or _rests(episode):
        # Somebody must hear of it, whoever had acknowledged what was there before.
        episode.next_notice_at = min(episode.next_notice_at or at, at)
        episode.ladder_step, episode.ladder_round = 0, episode.ladder_round + 1
    episode.save(
        update_fields=[
            "tier",
            "tier_rank",
            "value_rank",
            "due_at",
            "last_flag_at",
            "version",
            "next_notice_at",
            "ladder_step",
            "ladder_round",
        ]
    )


def _rests(episode: Episode) -> bool:
    """Put off, or about to be closed: whoever decided so had not seen this flag."""
    to_confirm = episode.status == Episode.Status.TO_CONFIRM
    return to_confirm or episode.snoozed_until_at is not None
