"""What was ordered, by its questionnaires' own names, and how far it has come."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from core.models import Clinic
from records.fhir.ordered import Asked, Order, Ordered
from records.fhir.received import Issue, Refused
from records.fhir.values import Coding, Concept
from records.models.asked import was_asked
from records.presenters.incoming import in_use
from records.presenters.naming import Naming, loinc
from screening.domain.instruments import Instrument
from screening.models import Administration, Screening

READ, ASKED = "read_responses", "read_asked"


def battery_of(ordered: Ordered, naming: Naming) -> list[str]:
    """The ids of the questionnaires that are meant, each once. Raises Refused."""
    found = [_by_canonical(naming, *one) for one in ordered.canonicals]
    if ordered.codes:
        found.append(_by_code(naming, ordered.codes))
    return list(dict.fromkeys(found))


def _by_canonical(naming: Naming, url: str, version: str) -> str:
    there = in_use(naming).get(url, [])
    if not there:
        raise Refused(Issue("not-found", f"{url} is not known here."))
    if version not in ("", there[0].version):
        sentence = f"In use of {url} is version {there[0].version}, not {version}."
        raise Refused(Issue("business-rule", sentence))
    return there[0].id


def _by_code(naming: Naming, codes: Sequence[tuple[str, str]]) -> str:
    """Several codes of one concept say the same: the first that is known counts."""
    for there in in_use(naming).values():
        coding = panel(there[0], naming)
        if (coding.system, coding.code) in codes:
            return there[0].id
    told = ", ".join(f"{system}|{code}" for system, code in codes)
    raise Refused(Issue("code-invalid", f"No questionnaire here is meant by {told}."))


def panel(instrument: Instrument, naming: Naming) -> Coding:
    """LOINC's code for the whole form, else our own."""
    coding = loinc(instrument.loinc_panel, instrument.loinc_panel_display)
    return coding or naming.code(instrument.id)


def orders_of(clinic: Clinic) -> QuerySet[Screening]:
    """Every screening of a clinic that a patient was asked to answer."""
    rows = Screening.objects.filter(clinic=clinic, origin=Screening.Origin.INVITATION)
    return rows.select_related("patient")


def order_of(row: Screening, naming: Naming) -> Order:
    """One screening as the order that it was."""
    asked: Iterable[Administration] | None = getattr(row, ASKED, None)
    if asked is None:
        asked = _asked_rows(row.administrations.all())
    ends = [row.closed_at, row.started_at, row.consented_at, row.created_at]
    return Order(
        id=row.id,
        patient=row.patient.merged_into_id or row.patient_id,
        state=row.status,
        ordered_at=row.created_at,
        changed_at=next(moment for moment in ends if moment is not None),
        asked=[_asked(one, naming) for one in asked],
        responses=responses_of(row),
    )


def _asked_rows(rows: QuerySet[Administration]) -> QuerySet[Administration]:
    return rows.select_related("definition").order_by("position")


def orders_named(clinic: Clinic, ids: Iterable[UUID], naming: Naming) -> list[Order]:
    """Those orders of `ids` that there are."""
    found = orders_of(clinic).filter(id__in=list(ids)).order_by("id")
    return told_of(list(found), naming)


def told_of(rows: Sequence[Screening], naming: Naming) -> list[Order]:
    """Each screening as the order that it was; as many queries for all as for one."""
    everyone = _asked_rows(Administration.objects.all())
    prefetch_related_objects(
        rows,
        *_responses_and_links(),
        Prefetch("administrations", everyone, to_attr=ASKED),
    )
    return [order_of(row, naming) for row in rows]


def _asked(one: Administration, naming: Naming) -> Asked:
    instrument = one.instrument
    return Asked(
        canonical=f"{naming.questionnaire(instrument)}|{instrument.version}",
        concept=Concept(coding=panel(instrument, naming), text=instrument.short_name),
    )


def with_responses(rows: QuerySet[Screening]) -> QuerySet[Screening]:
    """The same screenings, the responses and links of all of them read at once."""
    return rows.prefetch_related(*_responses_and_links())


def _responses_and_links() -> tuple[Prefetch[Any] | str, ...]:
    asked = Administration.objects.filter(was_asked()).order_by("position")
    return Prefetch("administrations", asked, to_attr=READ), "invitations"


def link_works(row: Screening, *, at: datetime) -> bool:
    """Whether the patient can still get in by a link that they were given."""
    return row.is_open and any(
        one.revoked_at is None and one.locked_at is None and one.expires_at > at
        for one in row.invitations.all()
    )


def responses_of(row: Screening) -> list[UUID]:
    """What a completed screening gave: nothing of a form that was never asked."""
    if row.status != Screening.Status.COMPLETED:
        return []
    found: Iterable[Administration] | None = getattr(row, READ, None)
    if found is None:
        found = row.administrations.filter(was_asked()).order_by("position")
    return [one.id for one in found]
