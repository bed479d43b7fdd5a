"""Recording that somebody of the clinic rang a crisis line, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from clinicians.actions.settings import record
from core.models import Clinic, User
from core.permissions import Permission, check_can
from screening import definitions
from screening.definitions import Contact

LINE_CHECKED = "CRISIS_LINE_CHECKED"


class LineRefused(ValueError):
    """A sentence that says what is wrong with what was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What somebody found who tried a line: on which day, who, and whether it works."""

    on: date
    name: str
    works: bool


def contact_of(country: str, key: str) -> Contact | None:
    """The contact with this key among the country's lines, verified or not."""
    known = definitions.every_line(country)
    lines = known.lines if known else ()
    return next((c for line in lines for c in line.contacts if c.key == key), None)


@transaction.atomic
def record_check(
    *, clinic: Clinic, key: str, check: Check, by: User, at: datetime
) -> None:
    """Keep what was found. What works is shown to patients; what does not is not,
    unless it ships as verified: that is for whoever runs the installation."""
    check_can(by, Permission.MANAGE_CLINIC)
    row = Clinic.objects.select_for_update().get(id=clinic.id)
    contact = contact_of(row.country, key)
    if contact is None:
        raise LineRefused("This number is not on the list of your country any more.")
    if check.on > at.astimezone(row.zone).date():
        raise LineRefused("That day has not come yet.")
    before = list(row.lines_verified)
    others = [one for one in before if one != key]
    row.lines_verified = [*others, key] if check.works else others
    row.save(update_fields=["lines_verified"])
    detail = {
        "lines_verified": {"from": before, "to": row.lines_verified},
        "line": {
            "key": key,
            "kind": contact.kind,
            "value": contact.value,
            "works": check.works,
            "on": check.on.isoformat(),
            "by": check.name.strip(),
        },
    }
    record(row, LINE_CHECKED, detail, by=by, at=at)
