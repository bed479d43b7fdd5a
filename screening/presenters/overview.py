"""All questions at a glance, what was said so far, and the choice between the two."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from screening.domain import counting, dialogue
from screening.domain.dialogue import Step
from screening.models.sitting import Sitting
from screening.presenters.earlier import onward
from screening.presenters.places import step_at, url_of
from screening.presenters.speaking import spoken
from screening.presenters.texts import texts


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that begin with the same words, which are said once above them.

    `lang`: the language of the official words, where it is not the page's.
    """

    stem: str
    lang: str
    first: int
    steps: tuple[Step, ...]


def groups(sitting: Sitting, steps: Iterable[Step]) -> list[Group]:
    """Return these steps by the words that they share, in their own order."""
    found: list[Group] = []
    number = 1
    for (stem, lang), shared in groupby(steps, lambda step: _stem(sitting, step)):
        together = tuple(shared)
        found.append(Group(stem, lang, number, together))
        number += len(together)
    return found


def _stem(sitting: Sitting, step: Step) -> tuple[str, str]:
    instrument = sitting.worded(step)
    stem = instrument.instruction if instrument.item(step.link_id).scored else ""
    return stem, spoken(sitting, step)


def question_words(sitting: Sitting, step: Step) -> str:
    """Return an item in the official words in which it was answered, or is asked."""
    return sitting.worded(step).item(step.link_id).text


def _ids(step: Step) -> tuple[int, str]:
    return step.part, step.link_id


def answer_words(sitting: Sitting, step: Step) -> str | None:
    """Return an answer in the official words; None where there is none."""
    given = sitting.given.get(step.part, {}).get(step.link_id)
    if given is None:
        return None
    if given.value is None:
        return _("Prefer not to answer")
    return sitting.worded(step).item(step.link_id).option(given.value).text


def answer_lang(sitting: Sitting, step: Step) -> str:
    """Return the language of an official answer, where it is not the page's; what is
    said instead of one is in the page's."""
    given = sitting.given.get(step.part, {}).get(step.link_id)
    chosen = given is not None and given.value is not None
    return spoken(sitting, step) if chosen else ""


def list_page(sitting: Sitting) -> dict[str, Any]:
    """Return the context of the page with all questions: which are answered, and the
    way to each. What was answered is not shown here."""
    view = sitting.dialogue()
    path = dialogue.steps(view)
    said = texts(sitting.screening.language, "list", sitting.screening.clinic)
    done = sum(_is_answered(sitting, step) for step in path)
    counts = {"done": done, "all": len(path)}
    return {
        "texts": said,
        "counts": _("%(done)s of %(all)s are answered.") % counts,
        "groups": [
            {
                "stem": group.stem,
                "lang": group.lang,
                "first": group.first,
                "rows": [_row(sitting, step, said) for step in group.steps],
            }
            for group in groups(sitting, path)
        ],
        "may_grow": counting.most(view) > len(path),
        "onward": onward(sitting),
        "still_open": done < len(path),
        # Nobody needs the way to where they are.
        "way": way(sitting) | {"all": ""},
    }


def _is_answered(sitting: Sitting, step: Step) -> bool:
    return step.link_id in sitting.given.get(step.part, {})


def _row(sitting: Sitting, step: Step, said: dict[str, Any]) -> dict[str, Any]:
    answered = _is_answered(sitting, step)
    return {
        "question": question_words(sitting, step),
        "url": url_of(sitting, step),
        "answered": answered,
        "state": said["answered"] if answered else said["open"],
    }


def transcript(sitting: Sitting, here: Step) -> list[dict[str, Any]]:
    """Return what was said before this question, line by line, each with its speaker.

    What was answered before this opening of the link stays out of sight, and what the
    patient typed stays where it was typed.
    """
    said = [
        step
        for step in dialogue.steps(sitting.dialogue())
        if step != here and _is_answered(sitting, step) and not sitting.hides(step)
    ]
    lines: list[dict[str, Any]] = []
    for group in groups(sitting, said):
        if group.stem:
            lines.append({"you": False, "text": group.stem, "lang": group.lang})
        for step in group.steps:
            lines += _exchange(sitting, step, group.lang)
    return lines


def _exchange(sitting: Sitting, step: Step, lang: str) -> list[dict[str, Any]]:
    question, answer = question_words(sitting, step), answer_words(sitting, step)
    return [
        {"you": False, "text": question, "lang": lang},
        {"you": True, "text": answer, "lang": answer_lang(sitting, step)},
    ]


def way(sitting: Sitting, here: Step | None = None) -> dict[str, Any]:
    """Return what leads to the other way of asking, and back to this question."""
    as_list = sitting.screening.as_list
    said = texts(sitting.screening.language, "list")
    at = ""
    if here is not None:
        at = f"{here.part + 1}.{sitting.item(*_ids(here)).number}"
    return {
        "to": "talk" if as_list else "list",
        "words": said["to_talk"] if as_list else said["to_list"],
        "all": said["title"] if as_list else "",
        "at": at,
    }


def way_back(sitting: Sitting, part: int, number: int) -> str:
    """Return the question somebody came from if it is still asked, or the first open
    one."""
    step = step_at(sitting, part - 1, number)
    return onward(sitting) if step is None else url_of(sitting, step)
