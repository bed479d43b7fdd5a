"""The case in plain text, ready to be copied into the patient's record elsewhere."""

from collections.abc import Iterator
from datetime import datetime

from clinicians.models import ReviewEvent
from clinicians.presenters.answers import ItemRow
from clinicians.presenters.case import CaseView, Flagged
from clinicians.presenters.paper import RESULT, scored
from clinicians.presenters.results import AdministrationView
from clinicians.presenters.timeline import reviewed
from clinicians.presenters.times import zoned
from core.models import Clinic, User
from screening.models import Episode


def record_text(
    view: CaseView, row: Episode, clinic: Clinic, user: User, *, at: datetime
) -> str:
    """What a note needs and no more; the answers one by one stand on the case."""
    who = view.row.patient
    lines = [
        f"{who.name}, born {who.birth_date}, record {who.record_number}",
        *([who.state] if who.state else []),
        *([f"Recorded as {who.recorded_as}"] if who.recorded_as else []),
        *_scores(view),
        "",
        "Flags:",
        *(_flag(flag) for flag in view.flags),
        "",
        "Contact attempts:",
        *(_contacts(row, clinic) or ["- None recorded."]),
        "",
        f"{RESULT} Owner of the case: {view.row.owner}.",
        f"Written from the case by {user}, {zoned(at, clinic.zone)}, {clinic.name}.",
    ]
    return "\n".join(lines) + "\n"


def _flag(flag: Flagged) -> str:
    words = f": “{flag.why.words}”" if flag.why.words else ""
    error = ", of a screening entered in error" if flag.in_error else ""
    return f"- {flag.why.title}{words}, raised {flag.at}{error}"


def _scores(view: CaseView) -> Iterator[str]:
    for line in view.glance.lines if view.glance else ():
        yield ""
        yield scored(line)
        yield f"- {line.sitting}"
        since = f"Since last time: {line.since}" if line.since else ""
        for words in (line.part.score.cut, line.part.score.note, since, line.later):
            if words:
                yield f"- {words}"
        yield from _told(line.part)
        for reason in line.part.cautions:
            yield f"- Read with caution: {reason}"


def _told(part: AdministrationView) -> Iterator[str]:
    """The item on self-harm and the one on difficulty, in their own words."""
    for item in part.items:
        if item.safety or not item.scored:
            answer = item.answer.text if item.answer else item.unanswered
            yield f"- Item {item.number}, “{item.text}” {answer}"
            yield from _words(item)


def _words(item: ItemRow) -> Iterator[str]:
    for saying in item.sayings:
        yield f"  In the patient's words: “{saying.words}”"
    for before in item.earlier:
        yield f"  Before: {before.text}, {before.at}"


def _contacts(row: Episode, clinic: Clinic) -> list[str]:
    found = row.events.filter(kind=ReviewEvent.Kind.CONTACT).select_related("by")
    events = [reviewed(event).told(clinic.zone) for event in found.order_by("at")]
    return [f"- {event.at}, {event.by}: {event.text}" for event in events]
