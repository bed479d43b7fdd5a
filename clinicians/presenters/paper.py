"""A case on paper: the blocks of text that its PDF consists of, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from clinicians.presenters.answers import Given, ItemRow, Saying
from clinicians.presenters.case import CaseView, Flagged
from clinicians.presenters.glance import Glance, Line
from clinicians.presenters.people import PatientHeader
from clinicians.presenters.results import AdministrationView, ScreeningView
from clinicians.presenters.times import zoned
from core.models import Clinic, User
from screening.domain.rules import Tier
from screening.models import Episode

TITLE = "Case"
RESULT = "A screening result, not a diagnosis."


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `kind`: title, part, head, item, text, strong, soft or said."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on each page, and the blocks between."""

    top: str
    foot: str
    made_at: datetime
    blocks: tuple[Block, ...]


def case_paper(view: CaseView, clinic: Clinic, user: User, *, at: datetime) -> Paper:
    """The whole case, as its page shows it to this reader."""
    who = view.row.patient
    made = zoned(at, clinic.zone)
    return Paper(
        top=" · ".join(part for part in _who(who) if part),
        foot=f"{clinic.name} · made by {user}, {made} · confidential",
        made_at=at,
        blocks=tuple(block for block in _blocks(view) if block.text),
    )


def _who(who: PatientHeader) -> tuple[str, ...]:
    then = who.recorded_as and f"recorded as {who.recorded_as}"
    known = (who.name, f"born {who.birth_date}", f"record {who.record_number}")
    return (*known, who.state, then)


def _blocks(view: CaseView) -> Iterator[Block]:
    row = view.row
    yield Block("title", TITLE)
    tier, status = Tier(row.tier).name, Episode.Status(row.status).name
    state = f"{tier.capitalize()} tier · {status.replace('_', ' ').lower()}"
    yield Block("strong", f"{state} · owner: {row.owner}")
    yield Block("text", f"Opened {row.opened} · due {row.due_at}")
    for notice in view.notices:
        yield Block("text", f"{notice.title} {notice.text}")
    yield Block("text", view.disposition and f"Closed as: {view.disposition}")
    if view.glance:
        yield from _glance(view.glance)
    yield Block("part", "Why this case is here")
    for flag in view.flags:
        yield from _flag(flag)
    for sitting in view.screenings:
        yield from _sitting(sitting)
    yield Block("part", "Timeline")
    for event in view.timeline:
        by = f" · {event.by}" if event.by else ""
        text = f": {event.text}" if event.text else ""
        yield Block("text", f"{event.at}{by} · {event.title}{text}")


def _glance(found: Glance) -> Iterator[Block]:
    yield Block("part", "At a glance")
    for line in found.lines:
        yield from _line(line)
    yield Block("soft", RESULT)


def _line(line: Line) -> Iterator[Block]:
    """One questionnaire: total, band, cut, what is missing, item 9, change, caution."""
    part = line.part
    yield Block("strong", scored(line))
    rest = (part.score.cut, part.score.note, part.item_9, line.since, line.later)
    yield Block("text", " · ".join(words.rstrip(".") for words in rest if words))
    for reason in part.cautions:
        yield Block("text", f"Read with caution. {reason}")
    yield Block("soft", line.sitting)


def scored(line: Line) -> str:
    """`PHQ-9: 12 of 27, Moderate`; without a total where the questions add up to none."""
    words = ", ".join(part for part in (line.total, line.part.score.band) if part)
    return f"{line.part.score.title}: {words}"


def _flag(flag: Flagged) -> Iterator[Block]:
    why = flag.why
    by = " (raised by a language model)" if why.by_model else ""
    error = ". From a screening entered in error" if flag.in_error else ""
    yield Block("strong", f"{why.title}{by}{error}")
    if why.question:
        said = why.answer or "Preferred not to answer"
        yield Block("text", f"{why.question} – {said}")
    yield Block("said", why.words and f"“{why.words}”")
    yield Block("soft", f"{why.detail} · rule {why.rule} · raised {flag.at}")


def _sitting(sitting: ScreeningView) -> Iterator[Block]:
    yield Block("part", sitting.title)
    if sitting.retracted:
        yield Block("strong", sitting.retracted.title)
        yield Block("text", sitting.retracted.text)
    for key, value in sitting.facts:
        yield Block("text", f"{key}: {value or 'Not given'}")
    for part in sitting.administrations:
        yield from _administration(part)


def _administration(part: AdministrationView) -> Iterator[Block]:
    score = part.score
    yield Block("head", part.title)
    yield Block("soft", part.version)
    total = "No total" if score.total is None else f"{score.total} of {score.of}"
    yield Block("strong", f"{total}, {score.band}")
    yield Block("text", score.cut)
    yield Block("text", score.note)
    for fact in score.facts:
        yield Block("text", fact)
    for fact in part.past:
        yield Block("text", f"Score before an answer was amended. {fact}")
    for reason in part.cautions:
        yield Block("text", f"Read with caution. {reason}")
    yield Block("soft", part.basis if part.cautions else "")
    yield Block("soft", f"Bands: {score.source}")
    yield Block("text", part.instruction)
    yield Block("soft", part.offered and f"Answers offered: {part.offered}")
    for item in part.items:
        yield from _item(item)


def _item(item: ItemRow) -> Iterator[Block]:
    yield Block("item", f"{item.number}. {item.text}")
    yield Block("soft", item.offered and f"Answers offered: {item.offered}")
    if item.answer is None:
        yield Block("strong", item.unanswered)
    else:
        yield Block("strong", item.answer.text)
        yield Block("soft", _how(item.answer))
        for text in item.answer.shown:
            yield Block("soft", text)
        amended = item.answer.amended
        yield Block("soft", f"Reason: {amended.reason}" if amended else "")
    for saying in item.sayings:
        yield from _saying(saying)
    for before in item.earlier:
        yield Block("soft", f"Before: {before.text}. {_how(before)}")


def _how(given: Given) -> str:
    return " · ".join(part for part in (given.how, given.at, given.seconds) if part)


def _saying(saying: Saying) -> Iterator[Block]:
    yield Block("said", f"“{saying.words}”")
    yield Block("soft", f"{saying.at}. {saying.came_of_it}")
    if saying.reply:
        by = "Shown by a language model" if saying.by_model else "Shown"
        yield Block("soft", f"{by}: {saying.reply}")
