"""What was put right after the submit: whose doing, and the scores as they stood."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from clinicians.presenters.origins import Amended, amended
from clinicians.presenters.times import moment
from screening.models import Amendment, PastScore


def amendments(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Amended]:
    """Return every amendment of these screenings by its answer's id, in one query."""
    if not ids:
        return {}
    rows = Amendment.objects.filter(answer__screening_id__in=ids)
    return {row.answer_id: amended(row) for row in rows.select_related("by")}


def past_scores(
    ids: Collection[uuid.UUID], zone: ZoneInfo
) -> Mapping[uuid.UUID, Sequence[str]]:
    """Return the replaced scores of these screenings by administration, newest first."""
    found: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    if not ids:
        return found
    rows = PastScore.objects.filter(administration__screening_id__in=ids)
    for row in rows.order_by("administration_id", "-version"):
        words = f"Until {moment(row.at, zone)}: {_score_words(row)}"
        found[row.administration_id].append(words)
    return found


def _score_words(row: PastScore) -> str:
    if row.total is None:
        return str(row.detail.get("triage") or "no total")
    total = f"{row.total.normalize():f}"
    return f"{total}, {row.band}" if row.band else total
