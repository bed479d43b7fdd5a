"""Patients: registering, one patient's page, what was answered in one sitting."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinicians.actions.looking import record_view
from clinicians.actions.patients import (
    PatientRefused,
    find_duplicates,
    register,
)
from clinicians.forms import PatientForm
from clinicians.forms.treatment import TreatmentForm
from clinicians.presenters import patients as present
from clinicians.presenters.people import header
from clinicians.presenters.records import record_state
from clinicians.presenters.results import screenings
from clinicians.presenters.treatment import event_lines
from clinicians.presenters.trend import courses
from clinicians.views.pages import done, lead_to_stays, page, the_patient
from core.permissions import Permission, StaffRequest, can, staff_view

INVALID = 422


@staff_view(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_patient(request: StaffRequest) -> HttpResponse:
    """Register one patient; likely duplicates are shown before anything is saved."""
    today = timezone.localdate(timezone=request.clinic.zone)
    form = PatientForm(request.POST or None, clinic=request.clinic, today=today)
    if request.method != "POST" or not form.is_valid():
        status = INVALID if form.is_bound else 200
        return page(request, "staff/patient_new.html", {"form": form}, status=status)
    found = find_duplicates(request.clinic, form.details())
    if found.same_number or (found.same_day and "anyway" not in request.POST):
        context = {
            "form": form,
            "same_number": header(found.same_number) if found.same_number else None,
            "same_day": [header(patient) for patient in found.same_day],
        }
        return page(request, "staff/patient_new.html", context, status=INVALID)
    return _register(request, form)


def _register(request: StaffRequest, form: PatientForm) -> HttpResponse:
    try:
        patient = register(
            clinic=request.clinic,
            details=form.details(),
            by=request.user,
            at=timezone.now(),
        )
    except PatientRefused as error:
        form.add_error("record_number", str(error))
        return page(request, "staff/patient_new.html", {"form": form}, status=INVALID)
    done(request, "The patient is registered.")
    return redirect("clinicians:patient", patient.id)


@staff_view(Permission.SEE_PATIENTS, emergency=True)
@require_safe
def patient(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Show one patient, and put on record that somebody looked."""
    row, at = the_patient(request, patient_id), timezone.now()
    if row.merged_into_id:
        return lead_to_stays(row)
    record_view(
        kind="PATIENT_VIEWED",
        object_type="patient",
        object_id=row.id,
        by=request.user,
        at=at,
        emergency=request.emergency,
    )
    reads = can(request.user, Permission.SEE_CASES) or bool(request.emergency)
    events = event_lines(row, request.clinic.zone) if reads else []
    context = {
        "patient": present.patient_view(row, request.clinic, at=at),
        "record": record_state(row, request.clinic, request.user),
        "reads": reads,
        "courses": courses(row, request.clinic, events=events) if reads else [],
        "events": events,
        "annotates": can(request.user, Permission.RECORD_TREATMENT),
        "treatment_form": TreatmentForm(),
        "emergency": not reads and can(request.user, Permission.EMERGENCY_ACCESS),
        "sees_looks": can(request.user, Permission.SEE_ACCESS_LOG),
        "invites": can(request.user, Permission.INVITE),
        "corrects": can(request.user, Permission.REGISTER_PATIENTS),
        "enters": can(request.user, Permission.ENTER_ANSWERS),
    }
    return page(request, "staff/patient.html", context)


@staff_view(Permission.SEE_CASES, emergency=True)
@require_safe
def results(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Show everything that was answered in one sitting, flagged or not."""
    row = the_patient(request, patient_id)
    owned = row.screenings.filter(id=screening_id, clinic=request.clinic)
    ids = list(owned.values_list("id", flat=True))
    if not ids:
        raise Http404
    record_view(
        kind="RESULTS_VIEWED",
        object_type="screening",
        object_id=screening_id,
        by=request.user,
        at=timezone.now(),
        emergency=request.emergency,
    )
    context = {
        "header": header(row),
        "screenings": screenings(
            ids,
            request.clinic.zone,
            amends=can(request.user, Permission.AMEND),
            retracts=can(request.user, Permission.RETRACT),
        ),
    }
    return page(request, "staff/results.html", context)
