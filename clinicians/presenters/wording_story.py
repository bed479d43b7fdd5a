"""One text's whole story, and how far a run of proposals has come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinicians.presenters.times import moment
from clinicians.presenters.wording_words import (
    KINDS,
    LANGUAGES,
    STATES,
    verdict_lines,
    version_name,
)
from clinicians.presenters.wordings import Entry, page_of
from screening import definitions
from screening.domain.wordings import Part, State, can_move
from screening.language import gating
from screening.models import Wording, WordingEvent, WordingRun, WordingWork

Kind = WordingEvent.Kind
Outcome = WordingWork.Outcome
# Why no text came, in words; the rest are named as they are.
REASONS: Mapping[str, str] = {
    "switched_off": "the model was switched off meanwhile",
    "no_question": "this question may not be put in other words",
    "worker_died": "the program broke off at it each time",
    "refused": "the model declined",
    "deadline": "the model took too long",
    "not_the_schema": "the model’s answer had another form",
    "circuit_open": "the model failed several times in a row",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, for the timeline."""

    at: str
    iso: str
    title: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Version:
    """Another version under the same key."""

    name: str
    state: str
    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """What the page of one text tells beyond its row."""

    events: Sequence[Event]
    versions: Sequence[Version]
    made_by: str
    verdicts: Sequence[str]
    can_retire: bool
    can_veto: bool


def story(entry: Entry, others: Sequence[Entry], role: str, zone: ZoneInfo) -> Story:
    """Present a text's history; `others`: the entries of the library."""
    row, state = entry.stand.row, entry.stand.state
    events = list(row.events.select_related("by")) if row else []
    # What was done in one act has one time: then in the order of the table.
    events.sort(key=lambda event: (event.at, list(Kind).index(Kind(event.kind))))
    same = [other for other in others if other.stand.key == entry.stand.key]
    return Story(
        events=[_event(event, zone) for event in events],
        versions=[_version(other) for other in same if other is not entry],
        made_by=_made_by(row),
        verdicts=verdict_lines(row.verdicts) if row else [],
        can_retire=can_move(state, State.RETIRED, Part(role)),
        can_veto=can_move(state, State.VETOED, Part(role)),
    )


def _event(event: WordingEvent, zone: ZoneInfo) -> Event:
    kind = Kind(event.kind)
    text = event.reason
    if kind is Kind.SIGNED:
        text = _role(str(event.detail.get("role", "")))
    if kind is Kind.PROPOSED:
        text = Wording.Origin(event.detail["origin"]).label
    if kind is Kind.RETIRED and "successor" in event.detail:
        text = f"Version {event.detail['version']} was approved."
    return Event(
        at=moment(event.at, zone),
        iso=event.at.isoformat(),
        title=kind.label,
        text=text,
        by=str(event.by) if event.by else "",
    )


def _role(role: str) -> str:
    return f"As {role.replace('_', ' ').lower()}" if role else ""


def _version(entry: Entry) -> Version:
    return Version(
        name=version_name(entry.stand).capitalize(),
        state=STATES[entry.stand.state][0],
        href=page_of(entry.stand.key, entry.stand.checksum),
        text=entry.stand.text,
    )


def _made_by(row: Wording | None) -> str:
    if row is None or not row.model:
        return ""
    return f"Model {row.model}, prompt {row.prompt_id} ({row.prompt_hash[:12]})"


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One text that a run owes."""

    question: str
    level: str
    outcome: str
    reason: str
    href: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: every text counts in exactly one of the numbers."""

    title: str
    total: int
    waiting: int
    passed: int
    refused: int
    known: int
    failed: int
    lines: Sequence[WorkLine]

    @property
    def settled(self) -> int:
        return self.total - self.waiting


def progress(run: WordingRun) -> Progress:
    """Present a run from its rows."""
    rows = list(run.work.select_related("wording"))
    counts = Counter(row.outcome for row in rows)
    name = definitions.get(run.instrument_id, run.language).short_name
    language = LANGUAGES.get(run.language.split("-")[0], run.language)
    return Progress(
        title=f"{name}, {language}",
        total=len(rows),
        waiting=counts[Outcome.DUE],
        passed=counts[Outcome.GATED],
        refused=counts[Outcome.NOT_GATED],
        known=counts[Outcome.KNOWN],
        failed=counts[Outcome.FAILED],
        lines=[_line(row, run.language) for row in rows],
    )


def _line(row: WordingWork, language: str) -> WorkLine:
    asked = gating.questions(row.concept, language)
    reason = REASONS.get(row.reason, row.reason.replace("_", " "))
    if row.reason and row.outcome == Outcome.DUE:
        reason = f"{reason}; it is tried again"
    made = row.wording
    return WorkLine(
        question=asked[0][0].text if asked else row.concept,
        level=KINDS[row.level],
        outcome=Outcome(row.outcome).label,
        reason=reason,
        href=page_of(made.key, made.checksum) if made else "",
    )
