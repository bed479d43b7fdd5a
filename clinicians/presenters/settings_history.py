"""Who changed which setting when, from what to what, and why: the log in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from clinicians.actions.lines import LINE_CHECKED
from clinicians.actions.settings import CHANGED
from clinicians.definitions import settings_policy
from clinicians.presenters.access import NOBODY, people_of
from clinicians.presenters.crisis_lines import KINDS, tried_words
from clinicians.presenters.times import zoned
from clinicians.workflow.settings_words import LABELS, Difference, differences
from core.models import AuditEvent, Clinic, Role, User

COLUMNS = ("When", "Who", "Setting", "Before", "After", "Confirmed", "Reason")


@dataclass(frozen=True, slots=True)
class Entry:
    """One save: who, when, everything that differed, and why."""

    at: str
    iso: str
    who: str
    changed: Sequence[Difference]
    confirmed: Sequence[str]
    reason: str


def changes_of(clinic: Clinic) -> QuerySet[AuditEvent]:
    """Every change of this clinic's settings, the newest first."""
    rows = AuditEvent.objects.filter(
        object_type="clinic", object_id=str(clinic.id), kind__in=[CHANGED, LINE_CHECKED]
    )
    # All of them stand in the clinic's own chain, so the place in it is their order.
    return rows.order_by("-seq")


def entries(rows: Iterable[AuditEvent], zone: ZoneInfo) -> list[Entry]:
    """Present a page of the log; one query for the names."""
    found = list(rows)
    people = people_of(found)
    return [_entry(row, people, zone) for row in found]


def as_rows(found: Iterable[Entry]) -> Iterator[Sequence[str]]:
    """The same as a table, one line for each thing that differed."""
    yield COLUMNS
    for entry in found:
        confirmed = "; ".join(entry.confirmed)
        for one in entry.changed:
            yield (
                *(entry.iso, entry.who, one.label, one.old, one.new),
                *(confirmed, entry.reason),
            )


def _entry(row: AuditEvent, people: Mapping[str, User], zone: ZoneInfo) -> Entry:
    titles = {danger.id: danger.title for danger in settings_policy().dangers}
    return Entry(
        at=zoned(row.at, zone),
        iso=row.at.isoformat(timespec="seconds"),
        who=_who(row, people),
        changed=list(_changed(row.detail)),
        confirmed=[titles.get(one, one) for one in row.detail.get("confirmed", [])],
        reason=str(row.detail.get("reason", "")),
    )


def _who(row: AuditEvent, people: Mapping[str, User]) -> str:
    if row.actor_kind != AuditEvent.ActorKind.STAFF:
        return AuditEvent.ActorKind(row.actor_kind).label
    user = people.get(row.actor_id)
    return f"{user} ({Role(user.role).label.lower()} today)" if user else NOBODY


def _changed(detail: Mapping[str, Any]) -> Iterator[Difference]:
    if line := detail.get("line"):
        label = f"Crisis line, {KINDS[line['kind']].lower()} {line['value']}"
        yield Difference(label, "", tried_words(line))
        return
    for name, change in detail.items():
        if not isinstance(change, Mapping):
            continue
        if change.keys() >= {"from", "to"}:
            yield from differences(name, change["from"], change["to"])
        else:
            yield Difference(LABELS.get(name, name), "", "made anew")
