"""Treatment events: a numbered list, and where they stand on a chart."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from clinicians.definitions import treatment_kinds
from clinicians.models import TreatmentEvent
from clinicians.presenters.people import readable
from clinicians.presenters.times import day, moment
from clinicians.workflow import trend
from core.models import Patient, same_person

NOON = time(12)


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event. `number` is its number on the charts; 0 where it was withdrawn."""

    id: uuid.UUID
    number: int
    at: datetime
    day: str
    iso: str
    kind: str
    text: str
    recorded: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A treatment event where it stands on the chart."""

    x: float
    line: EventLine


@dataclass(frozen=True, slots=True)
class Noted:
    """Treatment events on the chart: a line each, numbered above."""

    labels: Sequence[trend.Label]
    shown: Sequence[Drawn]
    outside: Sequence[EventLine]


def event_lines(patient: Patient, zone: ZoneInfo) -> list[EventLine]:
    """Read all of a patient's events in one query, by the day they happened on."""
    rows = TreatmentEvent.objects.filter(
        patient__in=same_person(patient.id).values("id"), clinic_id=patient.clinic_id
    ).select_related("by", "withdrawn_by")
    lines, number = [], 0
    for row in rows.order_by("happened_on", "at", "id"):
        standing = row.withdrawn_at is None
        number += standing
        lines.append(_line(row, number if standing else 0, zone))
    return lines


def standing(lines: Sequence[EventLine]) -> list[EventLine]:
    """The events that belong on a chart."""
    return [line for line in lines if line.number]


def on_chart(events: Sequence[EventLine], along: trend.Axis) -> Noted:
    """Which events stand on a chart, where, and which are too far outside."""
    shown = [
        Drawn(along.x_of(one.at), one)
        for one in events
        if along.start <= one.at <= along.end
    ]
    drawn = [one.line for one in shown]
    return Noted(
        labels=trend.labels([(one.line.number, one.x) for one in shown]),
        shown=shown,
        outside=[one for one in events if one not in drawn],
    )


def _line(row: TreatmentEvent, number: int, zone: ZoneInfo) -> EventLine:
    withdrawn = ""
    if row.withdrawn_at:
        who = row.withdrawn_by or "somebody"
        withdrawn = f"Withdrawn by {who}, {moment(row.withdrawn_at, zone)}"
    return EventLine(
        id=row.id,
        number=number,
        at=datetime.combine(row.happened_on, NOON, zone),
        day=day(row.happened_on),
        iso=row.happened_on.isoformat(),
        kind=treatment_kinds().label(row.kind),
        text=readable(row, "text"),
        recorded=f"{row.by}, {moment(row.at, zone)}",
        withdrawn=withdrawn,
    )
