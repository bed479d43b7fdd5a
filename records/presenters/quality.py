"""A clinic's depression screenings with the fields of the measure, row by row."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from clinicians.models import ReviewEvent, TreatmentEvent
from core.models import Clinic
from records.definitions import depression_measure
from records.presenters.moving import people
from records.presenters.naming import Naming
from records.presenters.results import in_part
from records.presenters.sheets import finished_rows
from records.workflow.quality import Fields, Plan, Screened, fields
from screening.domain.stepping import Follows
from screening.models import Administration, Answer, Flag

COLUMNS = (
    *("patient", "record_system", "record_number", "screened_on", "tool"),
    *("tool_version", "total", "result", "follow_up_plan", "plan_on"),
    *("plan_within_days", "screening"),
)
AT_ONCE = 500


def quality_rows(
    clinic: Clinic, *, first: date, last: date, today: date, naming: Naming
) -> Iterator[tuple[str, ...]]:
    """The lines of the table, screened from `first` to `last`; a part at a time."""
    rows = _screened(clinic, first=first, last=last)
    after: tuple[datetime, UUID] | None = None
    while part := list(_after(rows, after)[:AT_ONCE]):
        yield from _lines(clinic, part, today=today, naming=naming)
        after = (part[-1].answered, part[-1].id)  # type: ignore[attr-defined]


def _screened(clinic: Clinic, *, first: date, last: date) -> QuerySet[Administration]:
    begins = datetime.combine(first, time.min, tzinfo=clinic.zone)
    over = datetime.combine(last + timedelta(days=1), time.min, tzinfo=clinic.zone)
    rows = finished_rows(clinic).filter(
        definition__instrument_id__in=depression_measure().tools,
        screening__retracted_at=None,
    )
    rows = rows.annotate(answered=Coalesce("screening__answered_at", "completed_at"))
    return rows.filter(answered__gte=begins, answered__lt=over).order_by(
        "answered", "id"
    )


def _after(
    rows: QuerySet[Administration], after: tuple[datetime, UUID] | None
) -> QuerySet[Administration]:
    if after is None:
        return rows
    at, last = after
    return rows.filter(Q(answered__gt=at) | Q(answered=at, id__gt=last))


def _lines(
    clinic: Clinic, rows: Sequence[Administration], *, today: date, naming: Naming
) -> Iterator[tuple[str, ...]]:
    rows = _asked_whole(rows)
    plans = _plans(clinic, rows)
    who = people(clinic, {row.screening.patient_id for row in rows}, naming)
    for row in rows:
        answered: datetime = row.answered  # type: ignore[attr-defined]
        on = answered.astimezone(clinic.zone).date()
        known = who.subject(row.screening.patient_id)
        screened = Screened(on=on, at_cut=row.score.at_cut, plans=tuple(plans[row.id]))
        said = fields(screened, depression_measure(), today=today)
        number = known.identifier
        total = row.score.total
        yield (
            str(known.id),
            number.system if number else "",
            number.value if number else "",
            on.isoformat(),
            row.definition.instrument_id,
            row.definition.version,
            "" if total is None else f"{total.normalize():f}",
            *_written(said),
            str(row.screening_id),
        )


def _asked_whole(rows: Sequence[Administration]) -> list[Administration]:
    """Without the longer forms that did not follow: what screened is the short form."""
    stepped = [row.id for row in rows if row.follows]
    answers = Answer.objects.filter(administration__in=stepped)
    given: dict[UUID, set[str]] = defaultdict(set)
    for one, link_id in answers.values_list("administration_id", "link_id"):
        given[one].add(link_id)
    return [
        row
        for row in rows
        if not row.follows or not in_part(Follows.from_dict(row.follows), given[row.id])
    ]


def _written(said: Fields) -> tuple[str, ...]:
    plan_on = said.plan_on.isoformat() if said.plan_on else ""
    return said.result, said.plan, plan_on, said.plan_in_time


def _plans(
    clinic: Clinic, rows: Sequence[Administration]
) -> Mapping[UUID, Sequence[Plan]]:
    """By administration: how its case was closed, and what was begun for the patient."""
    found: dict[UUID, list[Plan]] = defaultdict(list)
    closed, begun = _closed(clinic, rows), _begun(rows)
    for row in rows:
        found[row.id] += closed[row.screening_id]
        found[row.id] += begun[row.screening.patient_id]
    return found


def _closed(
    clinic: Clinic, rows: Sequence[Administration]
) -> Mapping[UUID, Sequence[Plan]]:
    """A case is about a screening whose flag is in it."""
    screenings = {row.screening_id for row in rows}
    flags = Flag.objects.filter(screening__in=screenings).order_by()
    pairs = set(flags.values_list("screening_id", "episode_id"))
    events = ReviewEvent.objects.filter(
        episode__in={episode for _, episode in pairs},
        kind=ReviewEvent.Kind.CLOSED,
        code__in=depression_measure().dispositions,
    )
    ends: dict[UUID, list[Plan]] = defaultdict(list)
    for episode, code, at in events.values_list("episode_id", "code", "at"):
        ends[episode].append(Plan(on=at.astimezone(clinic.zone).date(), kind=code))
    found: dict[UUID, list[Plan]] = defaultdict(list)
    for screening, episode in pairs:
        found[screening] += ends[episode]
    return found


def _begun(rows: Sequence[Administration]) -> Mapping[UUID, Sequence[Plan]]:
    patients = {row.screening.patient_id for row in rows}
    events = TreatmentEvent.objects.filter(
        patient__in=patients,
        withdrawn_at__isnull=True,
        kind__in=depression_measure().treatments,
    )
    found: dict[UUID, list[Plan]] = defaultdict(list)
    for patient, kind, on in events.values_list("patient_id", "kind", "happened_on"):
        found[patient].append(Plan(on=on, kind=kind))
    return found
