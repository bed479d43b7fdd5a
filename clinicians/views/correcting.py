"""Correcting a patient's record: whoever registers patients may put it right."""

import uuid
from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.correcting import RecordChanged, correct, details_of, seen
from clinicians.actions.patients import Details, PatientRefused
from clinicians.forms import PatientForm
from clinicians.presenters.people import header
from clinicians.presenters.times import stored_day
from clinicians.views.pages import (
    done,
    form_looked_at,
    lead_to_stays,
    page,
    refused,
    the_patient,
)
from core.crypto import CannotRead
from core.models import Patient
from core.permissions import Permission, StaffRequest, staff_view

INVALID, CONFLICT = 422, 409
UNREADABLE = (
    "A part of this record cannot be read, so it cannot be corrected. "
    "Tell whoever runs this system that a key is missing."
)


@staff_view(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Show what the record says in a form, and write what was changed in it."""
    row = the_patient(request, patient_id)
    if row.merged_into_id:
        return lead_to_stays(row)
    try:
        now = details_of(row)
    except CannotRead:
        refused(request, ValueError(UNREADABLE))
        return redirect("clinicians:patient", row.id)
    form = _form(request, row, now)
    if request.method != "POST" or not form.is_valid():
        return _show(request, row, form, now, status=INVALID if form.is_bound else 200)
    shown = request.POST.get("seen", "")
    try:
        told = correct(
            patient=row,
            details=form.details(),
            shown=shown,
            by=request.user,
            at=timezone.now(),
        )
    except RecordChanged as error:
        form.add_error(None, str(error))
        return _show(request, row, form, now, others=now, status=CONFLICT)
    except PatientRefused as error:
        form.add_error("record_number", str(error))
        return _show(request, row, form, now, status=CONFLICT)
    done(request, f"Corrected: {', '.join(told)}." if told else "Nothing was changed.")
    return redirect("clinicians:patient", row.id)


def _form(request: StaffRequest, row: Patient, now: Details) -> PatientForm:
    initial = {name: getattr(now, name) for name in PatientForm.base_fields}
    today = timezone.localdate(timezone=request.clinic.zone)
    data = request.POST if request.method == "POST" else None
    return PatientForm(
        data, clinic=request.clinic, today=today, keeps=row.language, initial=initial
    )


def _show(
    request: StaffRequest,
    row: Patient,
    form: PatientForm,
    now: Details,
    *,
    others: Details | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the form. `others`: what somebody else has written meanwhile."""
    form_looked_at(request, row)
    # After a clash the reader has been shown what stands there: the next save counts.
    mark = seen(now) if others or request.method != "POST" else request.POST.get("seen")
    if others:
        others = replace(others, birth_date=stored_day(others.birth_date))
    context = {"header": header(row), "form": form, "seen": mark, "others": others}
    return page(request, "staff/patient_details.html", context, status=status)
