"""Keeps what a patient reports about a wording, and what its reviewers make of it."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from core.models import User
from core.permissions import Permission
from screening.actions import chain
from screening.actions.wording_rows import WordingRefused, check_staff
from screening.models import WordingReport
from screening.models.sitting import Sitting

State = WordingReport.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One report as the page sent it. `text` is the wording as it stood there, and
    `shown_as` names it if it is not the official one."""

    key: str
    position: int
    link_id: str
    where: str
    why: str
    text: str
    shown_as: str = ""


def report_wording(
    sitting: Sitting, reported: Reported, *, turn_id: uuid.UUID | None, at: datetime
) -> WordingReport:
    """Keep a report, once; runs in the caller's transaction, with the screening locked.

    The same page sent again is no second report; another thing said on it is.
    """
    screening = sitting.screening
    instrument = sitting.instrument(reported.position)
    row, made = WordingReport.objects.get_or_create(
        screening=screening,
        key=_key(sitting, reported, turn_id),
        defaults={
            "clinic_id": screening.clinic_id,
            "turn_id": turn_id,
            "instrument_id": instrument.id,
            "instrument_version": instrument.version,
            "language": instrument.language,
            "link_id": reported.link_id,
            "where": reported.where,
            "why": reported.why,
            "text": reported.text,
            "shown_as": reported.shown_as,
            "at": at,
        },
    )
    if made:
        detail = {"item": reported.link_id, "where": row.where, "why": row.why}
        by = Actor.patient(screening.patient_id)
        chain.note(
            screening,
            "WORDING_REPORTED",
            by=by,
            at=at,
            object_type="wording_report",
            object_id=row.id,
            detail=detail,
        )
        chain.save(screening)
    return row


def _key(sitting: Sitting, reported: Reported, turn_id: uuid.UUID | None) -> str:
    """The page's key, or one beside it where another thing was said on the same page."""
    first = WordingReport.objects.filter(
        screening=sitting.screening, key=reported.key
    ).first()
    said = (reported.link_id, reported.where, reported.why, turn_id)
    if first is None or said == (first.link_id, first.where, first.why, first.turn_id):
        return reported.key
    mark = hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
    return f"{reported.key}~{mark[:12]}"


@transaction.atomic
def see_report(*, report: WordingReport, by: User, at: datetime) -> WordingReport:
    """Say that somebody who reviews wordings has read it; saying it again is no change."""
    row = _locked(report, by)
    if row.state == State.NEW:
        _seen(row, by=by, at=at)
        row.save(update_fields=["state", "seen_at", "seen_by"])
    return row


@transaction.atomic
def answer_report(
    *, report: WordingReport, answer: str, by: User, at: datetime
) -> WordingReport:
    """Write what came of it, once. Raises WordingRefused if that was written already."""
    row = _locked(report, by)
    if not answer.strip():
        raise WordingRefused("Write what came of this report.")
    if row.state == State.ANSWERED:
        raise WordingRefused("This report has been answered already. Read the answer.")
    if row.state == State.NEW:
        _seen(row, by=by, at=at)
    row.state, row.answer = State.ANSWERED, answer.strip()
    row.answered_at, row.answered_by = at, by
    row.save()
    _trace(row, "WORDING_REPORT_ANSWERED", by=by, at=at)
    return row


def _locked(report: WordingReport, by: User) -> WordingReport:
    check_staff(by, Permission.SIGN_WORDINGS, report.clinic)
    rows = WordingReport.objects.select_for_update(of=("self",))
    return rows.select_related("clinic").get(id=report.id)


def _seen(row: WordingReport, *, by: User, at: datetime) -> None:
    row.state, row.seen_at, row.seen_by = State.SEEN, at, by
    _trace(row, "WORDING_REPORT_SEEN", by=by, at=at)


def _trace(
    row: WordingReport,
    kind: str,
    *,
    by: User,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        clinic_id=row.clinic_id,
        kind=kind,
        by=Actor.staff(by),
        at=at,
        object_type="wording_report",
        object_id=row.id,
        detail=dict(detail or {"role": str(by.role)}),
    )
