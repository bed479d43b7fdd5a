"""What patients reported about wordings, without a word on who they are."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from clinicians.presenters.people import readable
from clinicians.presenters.times import day_of
from clinicians.workflow.settings_words import LANGUAGES
from core.models import Clinic, User
from screening import definitions
from screening.domain.scoring import AnswerRefused
from screening.models import WordingReport

State = WordingReport.State
MADE_FOR_A_TURN = "turn:"  # how such an explanation is named
KIND = {State.NEW: "high", State.SEEN: "routine", State.ANSWERED: "good"}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report. The day alone, and no name: a time of day could tell whose it is."""

    id: uuid.UUID
    state: str
    state_kind: str
    why: str
    where: str
    question: str
    language: str
    language_name: str
    day: str
    text: str
    words: str
    seen: str
    answered: str
    answer: str
    is_new: bool
    is_open: bool


def found(clinic: Clinic, state: str) -> QuerySet[WordingReport]:
    """The clinic's reports, newest first; a state that is none leaves them all."""
    rows = WordingReport.objects.filter(clinic=clinic)
    if state in State.values:
        rows = rows.filter(state=state)
    return rows.select_related("turn", "seen_by", "answered_by")


def waiting(clinic: Clinic) -> int:
    """How many reports nobody has seen."""
    return WordingReport.objects.filter(clinic=clinic, state=State.NEW).count()


def with_words(rows: Iterable[WordingReport]) -> Sequence[uuid.UUID]:
    """The screenings from which these reports show words: the patient's own, or an
    explanation that was made for what the patient had asked."""
    return [
        row.screening_id
        for row in rows
        if row.turn_id or row.shown_as.startswith(MADE_FOR_A_TURN)
    ]


def present(shown: Iterable[WordingReport], zone: ZoneInfo) -> list[ReportRow]:
    """Put a page of reports in words."""
    return [_row(report, zone) for report in shown]


def _question(report: WordingReport) -> str:
    """Which item it is about, as its questionnaire numbers it."""
    try:
        instrument = definitions.get(report.instrument_id, report.language)
        number = instrument.item(report.link_id).number
    except (definitions.DefinitionMissing, AnswerRefused):
        return report.instrument_id
    return f"{instrument.short_name}, question {number}"


def _by(user: User | None, at: datetime | None, zone: ZoneInfo) -> str:
    return f"{user}, {day_of(at, zone)}" if user and at else ""


def _row(report: WordingReport, zone: ZoneInfo) -> ReportRow:
    state = State(report.state)
    return ReportRow(
        id=report.id,
        state=state.label,
        state_kind=KIND[state],
        why=report.get_why_display(),
        where=report.get_where_display(),
        question=_question(report),
        language=report.language,
        language_name=LANGUAGES.get(report.language, report.language),
        day=day_of(report.at, zone),
        text=readable(report, "text"),
        words=readable(report.turn, "words") if report.turn else "",
        seen=_by(report.seen_by, report.seen_at, zone),
        answered=_by(report.answered_by, report.answered_at, zone),
        answer=readable(report, "answer"),
        is_new=state is State.NEW,
        is_open=state is not State.ANSWERED,
    )
