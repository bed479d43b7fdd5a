"""Cases, flags and notices to staff, as what a records system is told of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from clinicians.definitions import review_policy
from clinicians.models import Notice, ReviewEvent
from core.models import Clinic
from records.fhir import review
from records.fhir.values import Concept, Identifier
from records.presenters.moving import People, people
from records.presenters.naming import Naming
from screening.domain.rules import Tier
from screening.models import Episode, Flag

STATUS = {
    Episode.Status.OPEN: "requested",
    Episode.Status.ACKNOWLEDGED: "accepted",
    Episode.Status.IN_PROGRESS: "in-progress",
    Episode.Status.TO_CONFIRM: "in-progress",
    Episode.Status.CLOSED: "completed",
}
STAGES = {
    Episode.Status.OPEN: "Waits for somebody to claim it",
    Episode.Status.ACKNOWLEDGED: "Claimed",
    Episode.Status.IN_PROGRESS: "In progress",
    Episode.Status.TO_CONFIRM: "A colleague has to confirm that it is closed",
    Episode.Status.CLOSED: "Closed",
}
# What opens or closes a case, and with it the flags in it.
TURNS = (ReviewEvent.Kind.CLOSED, ReviewEvent.Kind.REOPENED, ReviewEvent.Kind.UNDONE)

Events = Mapping[UUID, Sequence[tuple[str, datetime]]]


def review_rows(clinic: Clinic) -> QuerySet[Episode]:
    """Cases: each is one review, from the first flag to its end."""
    return Episode.objects.filter(clinic=clinic)


def flag_rows(clinic: Clinic) -> QuerySet[Flag]:
    """What was raised; nothing that happens later removes one."""
    rows = Flag.objects.filter(clinic=clinic).select_related("episode", "screening")
    whole = ("callback_number", "whereabouts", "emergency_contact")
    return rows.defer("evidence", *(f"screening__{one}" for one in whole))


def notice_rows(clinic: Clinic) -> QuerySet[Notice]:
    """Notices to staff, without the address that each went to."""
    rows = Notice.objects.filter(episode__clinic=clinic)
    return rows.select_related("episode").defer("recipient")


def events_of(episodes: Iterable[UUID]) -> Events:
    """What happened to each case, and when."""
    found: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    rows = ReviewEvent.objects.filter(episode__in=set(episodes)).order_by("at", "id")
    for episode, kind, at in rows.values_list("episode_id", "kind", "at"):
        found[episode].append((kind, at))
    return found


def reviews(
    clinic: Clinic, rows: Sequence[Episode], naming: Naming
) -> list[review.Review]:
    """Each case of a page; as many queries for all as for one."""
    ids = [row.id for row in rows]
    events, flags = events_of(ids), _flags_of(ids)
    who = people(clinic, {row.patient_id for row in rows}, naming)
    return [
        _review(row, flags[row.id], events.get(row.id, ()), who, naming, clinic)
        for row in rows
    ]


def _flags_of(episodes: Sequence[UUID]) -> Mapping[UUID, Sequence[Flag]]:
    found: dict[UUID, list[Flag]] = defaultdict(list)
    rows = Flag.objects.filter(episode__in=episodes).order_by("raised_at", "id")
    for flag in rows.only("id", "episode_id", "administration_id"):
        found[flag.episode_id].append(flag)
    return found


def _review(
    row: Episode,
    flags: Sequence[Flag],
    events: Sequence[tuple[str, datetime]],
    who: People,
    naming: Naming,
    clinic: Clinic,
) -> review.Review:
    status = Episode.Status(row.status)
    seen = [flag.administration_id for flag in flags if flag.administration_id]
    moments = [row.opened_at, row.last_flag_at, *(at for _, at in events)]
    return review.Review(
        id=row.id,
        subject=who.subject(row.patient_id),
        status=STATUS[status],
        stage=_own(naming, STAGES[status], "stage", status),
        urgent=row.tier == Tier.URGENT,
        kind=_own(naming, "Review of screening results", "review"),
        opened_at=row.opened_at,
        due_at=row.due_at,
        changed_at=max([*moments, *who.moved(row.patient_id, row.opened_at)]),
        flags=tuple(flag.id for flag in flags),
        focus=seen[-1] if seen else None,
        owner=naming.staff(clinic.id, row.owner_id) if row.owner_id else None,
        acknowledged_at=row.acknowledged_at,
        closed_at=row.closed_at if status == Episode.Status.CLOSED else None,
        disposition=_disposition(row, naming),
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
    )


def _disposition(row: Episode, naming: Naming) -> Concept | None:
    """How it ended; what is only proposed is no end yet."""
    if row.status != Episode.Status.CLOSED:
        return None
    labels = {one.id: one.label for one in review_policy().dispositions}
    said = labels.get(row.disposition, row.disposition)
    return _own(naming, said, "disposition", row.disposition) if said else None


def raised(clinic: Clinic, rows: Sequence[Flag], naming: Naming) -> list[review.Raised]:
    """Each flag of a page, its case read beside it."""
    events = events_of(row.episode_id for row in rows)
    who = people(clinic, {row.patient_id for row in rows}, naming)
    return [_raised(row, events, who, naming, clinic) for row in rows]


def _raised(
    row: Flag, events: Events, who: People, naming: Naming, clinic: Clinic
) -> review.Raised:
    case, by_model = row.episode, row.source == Flag.Source.MODEL
    turned = [
        at
        for kind, at in events.get(case.id, ())
        if kind in TURNS and at >= row.raised_at
    ]
    closed = case.closed_at if case.status == Episode.Status.CLOSED else None
    moments = [row.raised_at, *turned, *who.moved(row.patient_id, row.raised_at)]
    in_error = row.screening.retracted_at
    if in_error:
        moments.append(in_error)
    return review.Raised(
        id=row.id,
        subject=who.subject(row.patient_id),
        rule=_own(naming, row.title, "flag", row.rule),
        active=closed is None,
        author=Identifier(system=f"{naming.base}/sid/author", value=row.source.lower()),
        author_name="Language model" if by_model else "Rule of the program",
        raised_at=row.raised_at,
        closed_at=closed,
        changed_at=max([*moments, closed or row.raised_at]),
        in_error=in_error is not None,
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
    )


def told(clinic: Clinic, rows: Sequence[Notice], naming: Naming) -> list[review.Told]:
    """Each notice of a page, without the address that it went to."""
    who = people(clinic, {row.episode.patient_id for row in rows}, naming)
    return [_told(row, who, naming, clinic) for row in rows]


def _told(row: Notice, who: People, naming: Naming, clinic: Clinic) -> review.Told:
    patient = row.episode.patient_id
    settled = row.sent_at or row.stopped_at or row.failed_at or row.created_at
    moments = [settled, *who.moved(patient, row.created_at)]
    return review.Told(
        id=row.id,
        subject=who.subject(patient),
        review=row.episode_id,
        status=notice_status(row),
        step=_own(naming, f"Notice: {row.step}", "notice", row.step),
        medium=_own(naming, Notice.Channel(row.channel).label, "channel", row.channel),
        made_at=row.created_at,
        sent_at=row.sent_at,
        changed_at=max(moments),
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
    )


def notice_status(row: Notice) -> str:
    """FHIR's word for how far it came."""
    if row.sent_at:
        return "completed"
    if row.failed_at:
        return "not-done"
    return "stopped" if row.stopped_at else "preparation"


def _own(naming: Naming, text: str, *words: str) -> Concept:
    return Concept(coding=naming.code(*words), text=text)
