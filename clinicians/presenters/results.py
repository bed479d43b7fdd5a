"""A screening's results: each questionnaire as it was filled in, with its score."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from clinicians.presenters.answers import (
    ItemRow,
    Sources,
    answer_text,
    item_rows,
    offered,
    shared_options,
)
from clinicians.presenters.caution import basis, caution_texts
from clinicians.presenters.change import plain
from clinicians.presenters.people import LANGUAGES, readable
from clinicians.presenters.scores import ScoreCard, score_card
from clinicians.presenters.times import moment
from clinicians.presenters.wordings import texts_by_key
from screening.domain.instruments import Instrument
from screening.models import (
    Administration,
    Amendment,
    Answer,
    PastScore,
    Screening,
    Turn,
)

# Turns that tell something which no answer does.
TOLD = (Turn.Kind.WORDS, Turn.Kind.DECLINE)


@dataclass(frozen=True, slots=True)
class AdministrationView:
    """One questionnaire as it was filled in."""

    id: uuid.UUID
    title: str
    version: str
    instruction: str
    offered: str
    score: ScoreCard
    past: Sequence[str]
    item_9: str
    cautions: Sequence[str]
    basis: str
    items: Sequence[ItemRow]


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """One sitting."""

    id: uuid.UUID
    title: str
    status: str
    facts: Sequence[tuple[str, str]]
    administrations: Sequence[AdministrationView]


STATUS = {
    "INVITED": "Invited, not opened",
    "CONSENTED": "Opened, nothing answered yet",
    "IN_PROGRESS": "Being answered",
    "COMPLETED": "Submitted",
    "WITHDRAWN": "Stopped by the patient",
    "EXPIRED": "Expired unfinished",
}


def screenings(ids: Sequence[uuid.UUID], zone: ZoneInfo) -> list[ScreeningView]:
    """Read these screenings, newest first, in five queries."""
    rows = Administration.objects.filter(screening_id__in=ids).select_related(
        "screening", "definition", "score"
    )
    rows = rows.prefetch_related("past_scores")
    answers, turns = defaultdict(list), defaultdict(list)
    for answer in Answer.objects.filter(screening_id__in=ids).order_by("seq"):
        answers[answer.administration_id].append(answer)
    said = Turn.objects.filter(screening_id__in=ids, kind__in=TOLD)
    for turn in said.order_by("at"):
        turns[turn.administration_id].append(turn)
    amended = Amendment.objects.filter(administration__screening_id__in=ids)
    amendments = {row.answer_id: row for row in amended.select_related("by")}
    grouped: dict[Screening, list[AdministrationView]] = {}
    for row in rows.order_by("-screening__created_at", "screening_id", "position"):
        found = Sources(
            instrument=row.instrument,
            answers=answers[row.id],
            turns=turns[row.id],
            wordings=texts_by_key(row.instrument),
            zone=zone,
            amendments=amendments,
        )
        grouped.setdefault(row.screening, []).append(_administration(row, found))
    return [_screening(row, parts, zone) for row, parts in grouped.items()]


def _administration(row: Administration, sources: Sources) -> AdministrationView:
    instrument = sources.instrument
    counting = {answer.link_id: answer for answer in sources.answers}
    return AdministrationView(
        id=row.id,
        title=f"{instrument.short_name}: {instrument.title}",
        version=f"version {instrument.version}, {instrument.language}, "
        f"checksum {instrument.checksum[:12]}",
        instruction=instrument.instruction,
        offered=offered(shared_options(instrument)),
        score=score_card(instrument, getattr(row, "score", None)),
        past=[_past(one, sources.zone) for one in row.past_scores.all()],
        item_9=_item_9(instrument, counting),
        cautions=caution_texts(instrument, sources.answers, sources.turns),
        basis=basis(),
        items=item_rows(sources),
    )


def _past(row: PastScore, zone: ZoneInfo) -> str:
    """A score that an amendment replaced."""
    total = "no total" if row.total is None else plain(row.total)
    said = ", ".join(part for part in (total, row.band) if part)
    return f"Before the amendment of {moment(row.at, zone)}: {said}"


def _item_9(instrument: Instrument, counting: Mapping[str, Answer]) -> str:
    """What was answered about self-harm; empty where that is not asked."""
    safety = next((item for item in instrument.items if item.safety), None)
    if safety is None:
        return ""
    answer = counting.get(safety.link_id)
    said = answer_text(safety, answer.value) if answer else "Not answered"
    return f"Item {safety.number}: {said}"


def _screening(
    row: Screening, parts: list[AdministrationView], zone: ZoneInfo
) -> ScreeningView:
    return ScreeningView(
        id=row.id,
        title=f"{' and '.join(i.upper() for i in row.battery)}, "
        f"{moment(row.completed_at or row.started_at or row.created_at, zone)}",
        status=STATUS[row.status],
        facts=_sitting_facts(row, zone),
        administrations=parts,
    )


def _sitting_facts(row: Screening, zone: ZoneInfo) -> list[tuple[str, str]]:
    def when(at: datetime | None) -> str:
        return moment(at, zone) if at else ""

    consent = when(row.consented_at)
    if consent and row.consent_version:
        consent = f"{consent}, text version {row.consent_version}"
    return [
        ("State", STATUS[row.status]),
        ("Call-back number", readable(row, "callback_number")),
        ("Where the patient was", readable(row, "whereabouts")),
        ("Person to contact", readable(row, "emergency_contact")),
        ("Language", LANGUAGES.get(row.language, row.language)),
        ("Consent", consent),
        ("Help from a language model", "Agreed" if row.ai_consent else "Not agreed"),
        ("First answer", when(row.started_at)),
        ("Submitted", when(row.completed_at) or "Not submitted"),
    ]
