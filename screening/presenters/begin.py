"""The pages before the first item."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Clinic
from screening.domain import counting, dialogue
from screening.domain.rules import Tier
from screening.models import Invitation
from screening.models.sitting import Sitting
from screening.presenters.earlier import earlier_note, onward
from screening.presenters.texts import texts, when_read


def begin_page(
    sitting: Sitting, page: str, *, on_device: bool = False
) -> dict[str, Any]:
    """Return the context of a page before (or beside) the questions.

    `on_device`: a device of the clinic, where nobody has a link to come back with.
    """
    screening = sitting.screening
    clinic, language = screening.clinic, screening.language
    said = texts(
        language,
        page,
        clinic,
        count=_count(sitting),
        age=str(clinic.adult_age),
        hours=str(clinic.answer_window_hours),
        when=_when(clinic, language, at=timezone.now()),
    )
    if on_device:
        said = said | {"paragraphs": said.get("on_device", said["paragraphs"])}
    return {
        "texts": said,
        "phone": clinic.phone,
        "begun": screening.started_at is not None,
        "again": screening.begun_again,
        "earlier": earlier_note(sitting, "start"),
        "onward": onward(sitting),
        "consented": screening.consented_at is not None,
        "screening_open": screening.is_open,
    }


def _count(sitting: Sitting) -> str:
    """Return how many questions there are; both ends where the answers decide."""
    view = sitting.dialogue()
    least, most = len(dialogue.steps(view)), counting.most(view)
    if least == most:
        return str(least)
    said = _("%(least)s to %(most)s")
    return said % {"least": least, "most": most}


def _when(clinic: Clinic, language: str, *, at: datetime) -> str:
    return when_read(language, clinic, tier=Tier.ROUTINE, since=at, at=at)


def is_minor(sitting: Sitting, *, at: datetime) -> bool:
    """Return whether the recorded birth date says the patient is too young."""
    recorded = sitting.screening.patient.birth_date
    if not recorded:
        return False
    clinic = sitting.screening.clinic
    born = date.fromisoformat(recorded)
    today = at.astimezone(ZoneInfo(clinic.time_zone)).date()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < clinic.adult_age


def check_page(
    invitation: Invitation,
    form: Form | None = None,
    *,
    language: str,
    mismatch: bool = False,
) -> dict[str, Any]:
    """Return the context of the second check; what was typed stays in its boxes.

    `mismatch`: it could be read, and is not what the clinic has.
    """
    screening = invitation.screening
    page = texts(language, "check", screening.clinic)
    by_code = bool(invitation.code_hash)
    wrong = errors_of(form, {}) if form is not None else []
    if mismatch:
        target = "#code" if by_code else "#month"
        wrong = [{"text": page["mismatch"], "href": target}]
    boxes = ["code"] if by_code else ["month", "day", "year"]
    return {
        "texts": page,
        "by_code": by_code,
        "errors": wrong,
        "wrong": boxes if mismatch else list(form.errors) if form is not None else [],
        "typed": {name: form.data.get(name, "") if form else "" for name in boxes},
    }


def errors_of(form: Form, targets: dict[str, str]) -> list[dict[str, str]]:
    """Return what is wrong, each with the place on the page where it is mended."""
    return [
        {"text": str(errors[0]), "href": f"#{targets.get(name, name)}"}
        for name, errors in form.errors.items()
    ]
