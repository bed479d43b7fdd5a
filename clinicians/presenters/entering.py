"""An entry by staff: what is on the form so far, item by item, and what it raised."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from clinicians.presenters.asking import Acute, acute
from clinicians.presenters.entry_alarms import Alarm, alarms
from clinicians.presenters.entry_items import Field, field, is_open
from clinicians.presenters.origins import MODES
from clinicians.presenters.people import LANGUAGES
from clinicians.presenters.times import length, moment
from core.models import Clinic, User
from screening.domain import dialogue
from screening.domain.dialogue import Step
from screening.domain.instruments import Instrument, Item
from screening.models import Screening
from screening.models.sitting import Sitting

NOTHING_YET = "Choose what the form says."


@dataclass(frozen=True, slots=True)
class Section:
    """One questionnaire of the entry."""

    id: str
    title: str
    name: str
    instruction: str
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class EntryView:
    """The frame of every page of one entry."""

    id: uuid.UUID
    title: str
    how: str
    paper: bool
    when: str
    old: str
    language: str
    lang: str
    answered: int
    of: int
    alarms: Sequence[Alarm]
    acute: Sequence[Acute]
    sheet_href: str
    items_href: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An item that nothing stands at, as the error summary reads it."""

    text: str
    href: str


def entry_view(
    sitting: Sitting, clinic: Clinic, user: User, *, at: datetime
) -> EntryView:
    """Present the frame: three queries at most, whatever is on the form."""
    screening, view = sitting.screening, sitting.dialogue()
    path = dialogue.steps(view)
    open_steps = [step for step in path if is_open(sitting, step)]
    when = screening.answered_at or screening.created_at
    ids = [screening.patient_id, screening.id]
    return EntryView(
        id=screening.id,
        title=" and ".join(i.upper() for i in screening.battery),
        how=MODES.get(screening.mode, ""),
        paper=screening.mode == Screening.Mode.PAPER,
        when=moment(when, clinic.zone).partition(",")[0],
        old=_old(when, clinic, at=at),
        language=LANGUAGES.get(screening.language, screening.language),
        lang=screening.language,
        answered=len(path) - len(open_steps),
        of=len(path),
        alarms=alarms(screening, user, at=at),
        acute=[
            found
            for part, instrument in enumerate(_instruments(sitting))
            if (found := acute(instrument, sitting.answers(part)))
        ],
        sheet_href=reverse("clinicians:entry-form", args=ids),
        items_href=reverse("clinicians:entry", args=ids),
    )


def _old(when: datetime, clinic: Clinic, *, at: datetime) -> str:
    """How long ago, where that was not today: the answers are of then, not of now."""
    days = (
        at.astimezone(clinic.zone).date() - when.astimezone(clinic.zone).date()
    ).days
    return length(at - when) if days else ""


def sections(
    sitting: Sitting,
    *,
    at: datetime,
    errors: Mapping[Step, str] | None = None,
    mark_open: bool = False,
) -> list[Section]:
    """Present every item of every questionnaire, hidden ones too."""
    view = sitting.dialogue()
    asked = dialogue.steps(view)
    wrong = dict(errors or {})
    if mark_open:
        still = (step for step in asked if is_open(sitting, step))
        wrong = dict.fromkeys(still, NOTHING_YET) | wrong
    return [
        _section(sitting, part, instrument.items, at=at, wrong=wrong)
        for part, instrument in enumerate(_instruments(sitting))
    ]


def asked_sections(sitting: Sitting, *, at: datetime) -> list[Section]:
    """Present the items that the form comes to, for a last look."""
    asked = dialogue.steps(sitting.dialogue())
    return [
        _section(
            sitting,
            part,
            [i for i in one.items if Step(part=part, link_id=i.link_id) in asked],
            at=at,
            wrong={},
        )
        for part, one in enumerate(_instruments(sitting))
    ]


def _section(
    sitting: Sitting,
    part: int,
    items: Sequence[Item],
    *,
    at: datetime,
    wrong: Mapping[Step, str],
) -> Section:
    instrument = sitting.instrument(part)
    steps = [Step(part=part, link_id=item.link_id) for item in items]
    return Section(
        id=f"part-{part}",
        title=f"{instrument.short_name}: {instrument.title}",
        name=instrument.short_name,
        instruction=instrument.instruction,
        fields=[field(sitting, s, at=at, error=wrong.get(s, "")) for s in steps],
    )


def _instruments(sitting: Sitting) -> list[Instrument]:
    return [sitting.instrument(part) for part in range(len(sitting.administrations))]


def step_at(sitting: Sitting, part: int, number: int) -> Step | None:
    """Return the question with this number, if the form comes to it."""
    for step in dialogue.steps(sitting.dialogue()):
        mine = step.part == part
        if mine and sitting.item(part, step.link_id).number == number:
            return step
    return None


def errors(found: Sequence[Section]) -> list[Missing]:
    """What is wrong on a form, each leading to its item on the same page."""
    return [
        Missing(f"{part.name} item {one.number}: {one.error}", f"#{one.name}-1")
        for part in found
        for one in part.fields
        if one.error
    ]


def missing(found: Sequence[Section]) -> list[Missing]:
    """Every item that nothing stands at yet, each leading to its own page."""
    return [
        Missing(f"{part.name} item {one.number}", one.href)
        for part in found
        for one in part.fields
        if not one.given
    ]
