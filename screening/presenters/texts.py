"""The reviewed page texts, with the clinic's particulars filled in."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from core.models import Clinic
from screening import definitions
from screening.actions.clock import promise
from screening.domain.rules import Tier


class _Blank(dict[str, str]):
    """Leaves a gap where a particular is unknown, rather than failing a page."""

    def __missing__(self, key: str) -> str:
        return ""


def fill(text: Any, particulars: Mapping[str, str]) -> Any:
    """Return `text` (a string, or lists and dicts of them) with its gaps filled."""
    if isinstance(text, str):
        return text.format_map(_Blank(particulars))
    if isinstance(text, Mapping):
        return {key: fill(part, particulars) for key, part in text.items()}
    return [fill(part, particulars) for part in text]


def texts(
    language: str, page: str, clinic: Clinic | None = None, **more: str
) -> dict[str, Any]:
    """Return one page's texts. `more` fills gaps beside the clinic's own."""
    particulars = dict(more)
    if clinic is not None:
        particulars |= {"clinic": clinic.name, "phone": clinic.phone}
    filled: dict[str, Any] = fill(definitions.pages(language)[page], particulars)
    return filled


def local_time(when: datetime, clinic: Clinic, *, at: datetime) -> str:
    """Return a moment in the clinic's own time, as one would say it.

    Midnight is said as the minute before: of which of two days it is, nobody agrees.
    """
    zone = ZoneInfo(clinic.time_zone)
    local, today = when.astimezone(zone), at.astimezone(zone).date()
    if local.time() == time.min:
        local = (when - timedelta(minutes=1)).astimezone(zone)
    clock = f"{formats.date_format(local, 'TIME_FORMAT')} {local:%Z}"
    if local.date() == today:
        return _("%(time)s today") % {"time": clock}
    weekday = formats.date_format(local, "l")
    day = f"{weekday}, {formats.date_format(local, 'MONTH_DAY_FORMAT')}"
    return _("%(time)s on %(day)s") % {"time": clock, "day": day}


def when_read(
    language: str, clinic: Clinic, *, tier: Tier, since: datetime, at: datetime
) -> str:
    """Return what a patient may honestly be told about who looks, and by when.

    The promise counts from `since`; `at` is only when the page is read.
    """
    told = promise(clinic, tier, at=since)
    prefix = "" if tier is Tier.URGENT else "routine_"
    sentences = definitions.pages(language)["when"]
    if told.by is None:
        return str(sentences["unknown"])
    key = prefix + ("open" if told.staffed_now else "closed")
    by = local_time(told.by, clinic, at=at)
    return str(fill(sentences[key], {"by": by}))
