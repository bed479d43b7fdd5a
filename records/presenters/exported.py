"""Every kind of row that an export goes through, and what each of them becomes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q

from records.fhir.audit_event import audit_event
from records.fhir.consent import consent
from records.fhir.observation import observations
from records.fhir.parts import Json
from records.fhir.patient import patient
from records.fhir.provenance import provenances
from records.fhir.questionnaire import questionnaire
from records.fhir.response import questionnaire_response
from records.fhir.review import communication, flag, task
from records.models import Export
from records.presenters import since
from records.presenters.casework import (
    flag_rows,
    notice_rows,
    raised,
    review_rows,
    reviews,
    told,
)
from records.presenters.consents import agreed, consent_rows
from records.presenters.finished import as_of
from records.presenters.forms import forms
from records.presenters.naming import Naming
from records.presenters.origins import origins
from records.presenters.patient import (
    patient_changed_since,
    patient_records,
    patient_rows,
)
from records.presenters.sheets import finished_rows, read_sheets, served_rows
from records.presenters.sources import Rows, Source, everybody, of_patients
from records.presenters.trail import SOMEBODYS, about, trail_lines, trail_rows

RESPONSE = "QuestionnaireResponse"


def _result_rows(export: Export) -> Rows:
    """What is not finished yet is served as a response only."""
    unfinished_too = RESPONSE in export.types
    return (served_rows if unfinished_too else finished_rows)(export.clinic)


def _results(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    sheets = read_sheets(export.clinic, rows, naming)
    standing = {}
    for sheet in sheets:
        made = standing[sheet.row.id] = as_of(sheet, export.clinic, naming)
        if RESPONSE in export.types:
            yield questionnaire_response(made)
        if sheet.finished and "Observation" in export.types:
            yield from observations(made)
    if "Provenance" in export.types:
        done = [one for one in sheets if one.finished]
        named = settings.PRODUCT_NAME
        for one in origins(export.clinic, done, naming, named, standing=standing):
            yield from provenances(one)


def _patients(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    return (patient(one) for one in patient_records(export.clinic, rows, naming))


def _tasks(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    return (task(one) for one in reviews(export.clinic, rows, naming))


def _flags(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    return (flag(one) for one in raised(export.clinic, rows, naming))


def _notices(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    return (communication(one) for one in told(export.clinic, rows, naming))


def _consents(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    return (consent(one) for one in agreed(export.clinic, rows, naming))


def _trail_rows(export: Export) -> Rows:
    """Up to when it was asked for: else it would go on as long as the log does."""
    return trail_rows(export.clinic).filter(at__lte=export.created_at)


def _trail_within(export: Export) -> Q:
    """A log of the clinic is in nobody's record: only the lines about these are."""
    if export.patients:
        return about(everybody(export).values_list("id", flat=True))
    return Q(object_type__in=SOMEBODYS) if of_patients(export) else Q()


def _trail(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    lines = trail_lines(export.clinic, rows, naming, settings.PRODUCT_NAME)
    for line in lines:
        if line.patient is not None or not of_patients(export):
            yield audit_event(line)


@dataclass(frozen=True, slots=True)
class _Whole:
    """Stands for all forms at once: they are few, and made of files besides rows."""

    id: str = "all"


class _Forms(Source):
    """Every time, and whole: that one is retired has no moment of its own."""

    __slots__ = ()

    def count(self, export: Export) -> int:
        return 1

    def page(self, export: Export, *, after: str, size: int) -> Sequence[Any]:
        return [] if after else [_Whole()]


def _forms(export: Export, rows: Sequence[Any], naming: Naming) -> Iterator[Json]:
    return (questionnaire(one) for one in forms(naming))


SOURCES: tuple[Source, ...] = (
    Source(
        name="results",
        types=(RESPONSE, "Observation", "Provenance"),
        rows=_result_rows,
        write=_results,
        changed=since.written_since,
        whose="screening__patient",
    ),
    Source(
        name="patients",
        types=("Patient",),
        rows=lambda export: patient_rows(export.clinic),
        write=_patients,
        changed=patient_changed_since,
        whose="id",
    ),
    Source(
        name="reviews",
        types=("Task",),
        rows=lambda export: review_rows(export.clinic),
        write=_tasks,
        changed=since.review_since,
        whose="patient",
    ),
    Source(
        name="flags",
        types=("Flag",),
        rows=lambda export: flag_rows(export.clinic),
        write=_flags,
        changed=since.flag_since,
        whose="patient",
    ),
    Source(
        name="notices",
        types=("Communication",),
        rows=lambda export: notice_rows(export.clinic),
        write=_notices,
        changed=since.notice_since,
        whose="episode__patient",
    ),
    Source(
        name="consents",
        types=("Consent",),
        rows=lambda export: consent_rows(export.clinic),
        write=_consents,
        changed=since.consent_since,
        whose="patient",
    ),
    Source(
        name="trail",
        types=("AuditEvent",),
        rows=_trail_rows,
        write=_trail,
        changed=lambda clinic, at: Q(at__gte=at),
        within=_trail_within,
        key="seq",
    ),
    _Forms(
        name="forms",
        types=("Questionnaire",),
        rows=lambda export: patient_rows(export.clinic).none(),
        write=_forms,
        changed=lambda clinic, at: Q(),
    ),
)
