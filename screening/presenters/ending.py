"""The last page: what was asked, what it means and does not mean, what happens next."""

from datetime import datetime
from typing import Any

from screening import definitions
from screening.actions import call_waiting, rules_for_calls
from screening.domain import dialogue
from screening.domain.rules import Tier
from screening.models import Administration, Flag, Score
from screening.models.sitting import Sitting
from screening.presenters.calls import when_asked
from screening.presenters.finish import lines_of
from screening.presenters.texts import fill, texts, when_read


def end_page(sitting: Sitting, *, at: datetime) -> dict[str, Any]:
    """Return the context of the page that can be printed or saved; never a diagnosis."""
    screening = sitting.screening
    clinic, language = screening.clinic, screening.language
    flags = Flag.objects.filter(screening=screening, tier=Tier.URGENT)
    first = flags.exclude(rule__in=rules_for_calls()).first()
    urgent = first is not None
    # Counted from when it was said, so that the promise does not move with the page.
    since = first.raised_at if first else screening.completed_at or at
    tier = Tier.URGENT if urgent else Tier.ROUTINE
    when = when_read(language, clinic, tier=tier, since=since, at=at)
    said = texts(language, "done", clinic, when=when)
    return {
        "texts": said,
        "help": texts(language, "help", clinic),
        "urgent": urgent,
        "lines": lines_of(sitting) if urgent else None,
        "call": _call(sitting, at=at),
        "phone": clinic.phone,
        "asked": _asked(sitting, said),
        "scores": _scores(sitting) if clinic.patient_sees_score else [],
        "topics": definitions.topics_after(
            [a.instrument.id for a in _whole(sitting)], language
        ),
    }


def _call(sitting: Sitting, *, at: datetime) -> str:
    """Return that a call was asked for and by when somebody reads it, if so."""
    asked = call_waiting(sitting.screening)
    if asked is None:
        return ""
    when = when_asked(sitting, asked, at=at)
    screening = sitting.screening
    return str(texts(screening.language, "done", screening.clinic, when=when)["call"])


def _whole(sitting: Sitting) -> list[Administration]:
    """Return what was asked in full: a longer form that did not follow was not."""
    view = sitting.dialogue()
    return [
        administration
        for part, administration in enumerate(sitting.administrations)
        if dialogue.is_whole(view, part)
    ]


def _asked(sitting: Sitting, said: dict[str, Any]) -> list[str]:
    """Return what each questionnaire asked about; one without words of ours by name.

    What was asked of a longer form that did not follow is said as what it is.
    """
    known = definitions.care(sitting.screening.language).asked
    whole = _whole(sitting)
    lines = [known.get(a.instrument.id, a.instrument.short_name) for a in whole]
    view = sitting.dialogue()
    parts = [i for i, a in enumerate(sitting.administrations) if a not in whole]
    if any(dialogue.asked_items(view, part) for part in parts):
        lines.append(said["asked_safety"])
    return lines


def _scores(sitting: Sitting) -> list[str]:
    """Return each total with its range; a band would read like a diagnosis."""
    lines = definitions.pages(sitting.screening.language)["done"]
    rows = Score.objects.filter(administration__screening=sitting.screening)
    totals = dict(rows.values_list("administration_id", "total"))
    found = []
    for administration in _whole(sitting):
        instrument, total = administration.instrument, totals.get(administration.id)
        if not instrument.scored_items:
            continue
        words = {"name": instrument.short_name, "most": str(instrument.maximum)}
        words["total"] = "" if total is None else f"{total.normalize():f}"
        key = "score_none" if total is None else "score_line"
        found.append(str(fill(lines[key], words)))
    return found
