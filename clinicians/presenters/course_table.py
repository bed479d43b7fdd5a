"""A patient's course as a table for a file: every submit, every answer, every event."""

from collections.abc import Mapping

from clinicians.definitions import treatment_kinds
from clinicians.models import TreatmentEvent
from clinicians.presenters.change import plain
from clinicians.presenters.origins import entered
from clinicians.presenters.people import readable
from clinicians.presenters.points import answers_of, is_whole, item_9, said
from clinicians.presenters.trend import scores_by_instrument
from core.models import Clinic, Patient, same_person
from screening.domain.instruments import Instrument
from screening.models import Answer, Score

HEAD = (
    *("given_at", "instrument", "version", "language", "came_in"),
    *("total", "maximum", "band", "cut", "at_cut", "whole", "prorated"),
    *("score_version", "item_9"),
)


def course_table(
    patient: Patient, clinic: Clinic, instrument_id: str
) -> list[list[str]] | None:
    """All submits of one instrument, not only the newest; None where there is none."""
    scores = scores_by_instrument(patient, clinic).get(instrument_id)
    if not scores:
        return None
    given = answers_of(scores)
    items = scores[-1].administration.instrument.items
    head = [*HEAD, *(f"item_{item.number}: {item.text}" for item in items)]
    links = [item.link_id for item in items]
    rows = [
        _row(score, given[score.pk], clinic)
        + [said(given[score.pk].get(link)) for link in links]
        for score in scores
    ]
    return [head, *rows]


def _row(score: Score, answers: Mapping[str, Answer], clinic: Clinic) -> list[str]:
    instrument = score.administration.instrument
    return [
        score.at.astimezone(clinic.zone).isoformat(timespec="minutes"),
        instrument.id,
        instrument.version,
        instrument.language,
        entered(score.administration.screening) or "Patient",
        plain(score.total),
        str(instrument.maximum),
        score.band,
        _cut(instrument),
        _yes(score.at_cut),
        _yes(is_whole(score)),
        _yes(score.prorated),
        str(score.version),
        item_9(instrument, answers),
    ]


def _cut(instrument: Instrument) -> str:
    cut = instrument.cut
    return f"{cut.threshold} ({cut.source})" if cut else ""


def _yes(truth: object) -> str:
    return "" if truth is None else ("yes" if truth else "no")


def events_table(patient: Patient) -> list[list[str]]:
    """All treatment events, the withdrawn ones marked."""
    zone = patient.clinic.zone
    records = same_person(patient.id).values("id")
    rows = TreatmentEvent.objects.filter(patient__in=records)
    rows = rows.order_by("happened_on", "id")
    table = [
        ["happened_on", "kind", "note", "recorded_by", "recorded_at", "withdrawn_at"]
    ]
    for row in rows.select_related("by"):
        gone = row.withdrawn_at
        table.append(
            [
                row.happened_on.isoformat(),
                treatment_kinds().label(row.kind),
                readable(row, "text"),
                str(row.by),
                row.at.astimezone(zone).isoformat(timespec="minutes"),
                gone.astimezone(zone).isoformat(timespec="minutes") if gone else "",
            ]
        )
    return table
