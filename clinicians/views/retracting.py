"""Marking a screening as entered in error, once somebody has read what that does."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.looking import record_view
from clinicians.actions.retracting import mark_in_error
from clinicians.forms.retracting import RetractForm
from clinicians.presenters.people import header
from clinicians.presenters.results import screenings
from clinicians.presenters.retracting import open_cases_of
from clinicians.views.pages import done, page, refused, the_patient
from core.models import Patient
from core.permissions import Permission, StaffRequest, can, staff_view
from core.views import recently_authenticated
from screening.actions import RetractRefused, retractable
from screening.models import Screening

INVALID = 422


@staff_view(Permission.RETRACT)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def in_error(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Show which screening it is and what happens, or mark it as entered in error."""
    patient = the_patient(request, patient_id)
    row = get_object_or_404(
        patient.screenings.filter(clinic=request.clinic), id=screening_id
    )
    there = redirect("clinicians:results", patient.id, row.id)
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _mark(request, row, form)
        except RetractRefused as error:
            refused(request, error)
            return there
        done(
            request,
            "The screening is marked as entered in error. If the patient is to be "
            "screened, ask again: invite them, or enter the right answers.",
        )
        return there
    if not retractable(row):
        if row.retracted_at is None:
            raise Http404
        return there
    return _show(request, patient, row, form)


def _mark(request: StaffRequest, row: Screening, form: RetractForm) -> None:
    mark_in_error(
        screening_id=row.id,
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        by=request.user,
        at=timezone.now(),
    )


def _show(
    request: StaffRequest, patient: Patient, row: Screening, form: RetractForm
) -> HttpResponse:
    """Show whose it is and what was answered, beside what would happen."""
    record_view(
        kind="RESULTS_VIEWED",
        object_type="screening",
        object_id=row.id,
        by=request.user,
        at=timezone.now(),
    )
    (screening,) = screenings([row.id], request.clinic.zone)
    context = {
        "header": header(patient),
        "screening": screening,
        "cases": open_cases_of(row, request.clinic),
        "invites": can(request.user, Permission.INVITE),
        "form": form,
    }
    status = INVALID if form.is_bound else 200
    return page(request, "staff/in_error.html", context, status=status)
