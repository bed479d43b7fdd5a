"""What was put right after the submit: whose doing, and the scores as they stood."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from clinicians.presenters.origins import Amended, amended
from clinicians.presenters.times import moment
from screening.models import Amendment, PastScore


def amendments(ids: Sequence[uuid.UUID], zone: ZoneInfo) -> Mapping[uuid.UUID, Amended]:
    """Return every amendment of these screenings by its answer's id, in one query."""
    rows = Amendment.objects.filter(answer__screening_id__in=ids)
    return {row.answer_id: amended(row, zone) for row in rows.select_related("by")}


def past_scores(
    ids: Sequence[uuid.UUID], zone: ZoneInfo
) -> Mapping[uuid.UUID, Sequence[str]]:
    """Return the replaced scores of these screenings by administration, newest first."""
    rows = PastScore.objects.filter(administration__screening_id__in=ids)
    found: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for row in rows.order_by("administration_id", "-version"):
        words = f"Until {moment(row.at, zone)}: {_score_words(row)}"
        found[row.administration_id].append(words)
    return found


def _score_words(row: PastScore) -> str:
    if row.total is None:
        return str(row.detail.get("triage") or "no total")
    total = f"{row.total.normalize():f}"
    return f"{total}, {row.band}" if row.band else total


def amendment_lines(
    ids: Sequence[uuid.UUID],
) -> list[tuple[datetime, dict[str, str]]]:
    """Return a line of a case's timeline for each amendment of its screenings."""
    rows = Amendment.objects.filter(answer__screening_id__in=ids)
    return [
        (
            row.at,
            {
                "title": "Answer amended",
                "text": _which(row),
                "by": str(row.by),
            },
        )
        for row in rows.select_related("by", "answer", "administration__definition")
    ]


def _which(row: Amendment) -> str:
    instrument = row.administration.instrument
    number = instrument.item(row.answer.link_id).number
    return f"{instrument.short_name} item {number}"
