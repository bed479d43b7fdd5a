"""One item of an entry: its official text and answers, and what stands there so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from clinicians.presenters.answers import answer_text
from clinicians.workflow.entry import BLANK, DECLINED, field_names
from screening.actions import kept_with
from screening.domain.dialogue import Step
from screening.domain.instruments import Item
from screening.models import Screening
from screening.models.sitting import Sitting
from screening.presenters import new_key


@dataclass(frozen=True, slots=True)
class Choice:
    """A radio button; `hint` is the number that stands beside it on the form."""

    value: str
    text: str
    checked: bool
    hint: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One item as it is entered. `given` is what stands there, in words."""

    name: str
    key_name: str
    key: str
    number: int
    stem: str
    text: str
    quick: bool
    choices: Sequence[Choice]
    given: str
    official: bool
    error: str
    href: str


def is_open(sitting: Sitting, step: Step) -> bool:
    """Return whether nothing stands at an item yet."""
    given = sitting.answers(step.part)
    return step.link_id not in given and step not in sitting.blank()


def field(sitting: Sitting, step: Step, *, at: datetime, error: str = "") -> Field:
    """Present one item as it is entered."""
    item = sitting.item(step.part, step.link_id)
    name, key_name = field_names(step.part, item.number)
    given = sitting.given.get(step.part, {}).get(step.link_id)
    stands = _stands(sitting, step)
    screening = sitting.screening
    ids = [screening.patient_id, screening.id, step.part + 1, item.number]
    return Field(
        name=name,
        key_name=key_name,
        key=new_key(given.seq if given else 0, at=at),
        number=item.number,
        stem=f"{item.number}.",
        text=item.text,
        quick=item.scored,
        choices=_choices(sitting, item, stands),
        given=_given_words(item, stands),
        official=stands not in (BLANK, DECLINED, ""),
        error=error,
        href=reverse("clinicians:entry-item", args=ids),
    )


def _stands(sitting: Sitting, step: Step) -> str:
    """What is stored at an item, as it is posted; empty for nothing."""
    given = sitting.given.get(step.part, {}).get(step.link_id)
    if given is not None:
        return DECLINED if given.value is None else str(given.value)
    return BLANK if step in sitting.blank() else ""


def _given_words(item: Item, stands: str) -> str:
    if stands == BLANK:
        return "Nothing is marked on the form"
    if stands == DECLINED:
        return "Declined to answer"
    return answer_text(item, int(stands)) if stands else ""


def _choices(sitting: Sitting, item: Item, chosen: str) -> list[Choice]:
    found = official_choices(item, chosen)
    found.append(Choice(DECLINED, "Declined to answer", chosen == DECLINED, lang="en"))
    if sitting.screening.mode == Screening.Mode.PAPER:
        words = "Nothing is marked"
        found.append(Choice(BLANK, words, chosen == BLANK, lang="en"))
    return found


def official_choices(item: Item, chosen: str) -> list[Choice]:
    """Present the official options; only scored ones are numbered on the forms."""
    values = [(str(option.value), option.text) for option in item.options]
    return [
        Choice(value, text, value == chosen, value if item.scored else "")
        for value, text in values
    ]


def amend_choices(item: Item, chosen: str, *, lang: str) -> list[Choice]:
    """Present what an answer can be put right to."""
    found = [
        Choice(str(o.value), o.text, str(o.value) == chosen, lang=lang)
        for o in item.options
    ]
    words = "The patient declined to answer"
    return [*found, Choice(DECLINED, words, chosen == DECLINED)]


def also_amended(sitting: Sitting, position: int, item: Item) -> str:
    """Say in which other forms of the sitting this very answer counts; empty: none."""
    others = kept_with(sitting, position, item.link_id)
    if not others:
        return ""
    names = " and ".join(sitting.instrument(one).short_name for one in others)
    return (
        f"This answer was given once and counts in the {names} too. It is amended in "
        "both, and both are scored anew."
    )
