"""Asking the clinic to call: before, afterwards, and from outside a check-in."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from screening import definitions
from screening.actions import AskedCall
from screening.domain.rules import Tier, tier_rank
from screening.models.sitting import Sitting
from screening.presenters.texts import texts, when_read

SHOWN_DIGITS = 2  # whoever looks over a shoulder learns no more of a number


def call_page(
    sitting: Sitting, asked: AskedCall | None, *, at: datetime, typed: str = ""
) -> dict[str, Any]:
    """Return the context of the page; `typed` is what was no phone number."""
    screening = sitting.screening
    known = _ending(screening.callback_number)
    said = texts(
        screening.language,
        "call",
        screening.clinic,
        when=when_asked(sitting, asked, at=at),
        ending=known,
    )
    wrong = said["number_wrong"] if typed else ""
    return {
        "texts": said | {"paragraphs": said["asked" if asked else "paragraphs"]},
        "title": said["asked_title" if asked else "title"],
        "asked": asked is not None,
        "hint": said["number_known" if known else "number_none"],
        "typed": typed,
        "error": wrong,
        "errors": [{"text": wrong, "href": "#callback_number"}] if wrong else [],
        "phone": screening.clinic.phone,
        **_back(sitting, said),
    }


def _back(sitting: Sitting, said: dict[str, str]) -> dict[str, str]:
    if sitting.screening.is_open:
        return {"back": reverse("review"), "back_text": said["back"]}
    return {"back": reverse("done"), "back_text": said["back_end"]}


def when_asked(sitting: Sitting, asked: AskedCall | None, *, at: datetime) -> str:
    """Return by when a person reads it, counted from when it was asked."""
    tiers = [r.tier for r in definitions.flag_rules() if r.kind == "call_asked"]
    tier = Tier(asked.tier) if asked else min(tiers, key=tier_rank)
    screening = sitting.screening
    since = asked.at if asked else at
    return when_read(
        screening.language, screening.clinic, tier=tier, since=since, at=at
    )


def _ending(number: str) -> str:
    digits = [letter for letter in number if letter.isdecimal()]
    return "".join(digits[-SHOWN_DIGITS:])


def outside_page(language: str, phone: str) -> dict[str, Any]:
    """Return how to reach a clinic, for whoever has no check-in open here."""
    said = texts(language, "call")
    return {
        "texts": said | {"paragraphs": said["outside"]},
        "title": said["outside_title"],
        "help": texts(language, "help", phone=phone),
        "phone": phone,
    }
