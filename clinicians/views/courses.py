"""A patient's course on a page of its own: to print, to download, to annotate."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians.actions.looking import record_view
from clinicians.actions.treatment import (
    TreatmentRefused,
    add_treatment_event,
    withdraw_treatment_event,
)
from clinicians.forms.treatment import TreatmentForm
from clinicians.models import TreatmentEvent
from clinicians.presenters.course_table import course_table, events_table
from clinicians.presenters.people import header
from clinicians.presenters.tables import as_csv
from clinicians.presenters.times import zoned
from clinicians.presenters.treatment import event_lines
from clinicians.presenters.trend import courses
from clinicians.views.pages import attachment, done, page, refused, the_patient
from core.models import Patient, same_person
from core.permissions import Permission, StaffRequest, can, staff_view

INVALID, CONFLICT = 422, 409


@staff_view(Permission.SEE_CASES, emergency=True)
@require_safe
def course(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Show the course by itself, made to print on one page."""
    row = the_patient(request, patient_id)
    if row.merged_into_id:
        return redirect("clinicians:course", row.stays.id)
    return _show(request, row, TreatmentForm())


def _show(
    request: StaffRequest, row: Patient, form: TreatmentForm, *, status: int = 200
) -> HttpResponse:
    """Render the course, and put the look on record: also where a form comes back."""
    clinic, at = request.clinic, timezone.now()
    record_view(
        kind="COURSE_VIEWED",
        object_type="patient",
        object_id=row.id,
        by=request.user,
        at=at,
        emergency=request.emergency,
    )
    events = event_lines(row, clinic.zone)
    context = {
        "header": header(row),
        "courses": courses(row, clinic, events=events),
        "events": events,
        "annotates": can(request.user, Permission.RECORD_TREATMENT),
        "treatment_form": form,
        "printed": zoned(at, clinic.zone),
        "downloads": can(request.user, Permission.SEE_CASES),
        "clinic": clinic.name,
    }
    return page(request, "staff/course.html", context, status=status)


@staff_view(Permission.SEE_CASES)
@require_safe
def course_csv(
    request: StaffRequest, patient_id: uuid.UUID, instrument: str
) -> HttpResponse:
    """One instrument's totals and answers as a table; the download is on record."""
    row = the_patient(request, patient_id).stays
    table = course_table(row, request.clinic, instrument)
    if table is None:
        raise Http404
    return _download(request, row, instrument, table)


@staff_view(Permission.SEE_CASES)
@require_safe
def events_csv(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """The treatment events as a table; the download is on record."""
    row = the_patient(request, patient_id).stays
    return _download(request, row, "treatment-events", events_table(row))


def _download(
    request: StaffRequest, row: Patient, name: str, table: list[list[str]]
) -> HttpResponse:
    record_view(
        kind="COURSE_DOWNLOADED",
        object_type="patient",
        object_id=row.id,
        by=request.user,
        at=timezone.now(),
        detail={"table": name},
    )
    return attachment(as_csv(table), "text/csv; charset=utf-8", f"{name}.csv")


@staff_view(Permission.RECORD_TREATMENT)
@require_POST
def add_event(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Mark a treatment event."""
    row = the_patient(request, patient_id).stays
    form = TreatmentForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=INVALID)
    try:
        add_treatment_event(
            patient=row, **form.cleaned_data, by=request.user, at=timezone.now()
        )
    except TreatmentRefused as error:
        form.add_error(None, str(error))
        return _show(request, row, form, status=INVALID)
    done(request, "The event is on the course.")
    return redirect("clinicians:course", row.id)


@staff_view(Permission.RECORD_TREATMENT)
@require_POST
def withdraw_event(
    request: StaffRequest, patient_id: uuid.UUID, event_id: uuid.UUID
) -> HttpResponse:
    """Take back an event that was entered by mistake."""
    row = the_patient(request, patient_id).stays
    events = TreatmentEvent.objects.filter(patient__in=same_person(row.id).values("id"))
    event = get_object_or_404(events, id=event_id)
    try:
        withdraw_treatment_event(event=event, by=request.user, at=timezone.now())
    except TreatmentRefused as error:
        refused(request, error)
        return _show(request, row, TreatmentForm(), status=CONFLICT)
    done(request, "The event is off the course. The record keeps that it was entered.")
    return redirect("clinicians:course", row.id)
