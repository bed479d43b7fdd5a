"""A patient asked again every so many weeks: plan it, look at it, pause it, end it."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinicians.actions.inviting import has_address
from clinicians.actions.schedules import (
    ScheduleRefused,
    end_schedule,
    pause_schedule,
    resume_schedule,
    start_schedule,
)
from clinicians.forms.planning import ScheduleForm
from clinicians.models import Schedule
from clinicians.presenters.people import header
from clinicians.presenters.planning import schedule_lines
from clinicians.views.pages import done, form_looked_at, page, refused, the_patient
from core.models import Patient
from core.permissions import Permission, StaffRequest, staff_view

INVALID = 422
# Until the form says otherwise: long enough to see a change, short enough to look again.
OFFERED = timedelta(weeks=12)


@staff_view(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def schedules(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """List what is asked again, day by day, with the form to plan more."""
    row = the_patient(request, patient_id)
    today = timezone.localdate(timezone=request.clinic.zone)
    initial = {
        "battery": request.clinic.battery,
        "language": row.language,
        "every_weeks": "2",
        "starts_on": today + timedelta(days=1),
        "until_on": today + OFFERED,
    }
    form = ScheduleForm(request.POST or None, clinic=request.clinic, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _show(request, row, form)
    try:
        start_schedule(
            patient=row, **form.cleaned_data, by=request.user, at=timezone.now()
        )
    except ScheduleRefused as error:
        form.add_error(None, str(error))
        return _show(request, row, form)
    done(request, "Planned. The first e-mail goes out by itself.")
    return redirect("clinicians:schedules", row.id)


def _show(request: StaffRequest, row: Patient, form: ScheduleForm) -> HttpResponse:
    form_looked_at(request, row)
    rows = Schedule.objects.filter(patient=row).prefetch_related("runs")
    context = {
        "header": header(row),
        "schedules": schedule_lines(rows, request.clinic.zone),
        "form": form,
        "has_email": has_address(row),
        "active": row.status == Patient.Status.ACTIVE,
    }
    status = INVALID if form.is_bound else 200
    return page(request, "staff/schedules.html", context, status=status)


def _change(
    act: Callable[..., None], sentence: str
) -> Callable[[StaffRequest, uuid.UUID, uuid.UUID], HttpResponse]:
    @staff_view(Permission.INVITE)
    @require_POST
    def view(
        request: StaffRequest, patient_id: uuid.UUID, schedule_id: uuid.UUID
    ) -> HttpResponse:
        row = the_patient(request, patient_id)
        schedule = get_object_or_404(
            row.schedules.select_related("patient"), id=schedule_id
        )
        try:
            act(schedule=schedule, by=request.user, at=timezone.now())
        except ScheduleRefused as error:
            refused(request, error)
        else:
            done(request, sentence)
        return redirect("clinicians:schedules", row.id)

    return view


pause = _change(pause_schedule, "Paused. Nothing is asked until somebody resumes it.")
resume = _change(resume_schedule, "Resumed.")
end = _change(
    end_schedule, "Ended. What was asked already stays open until it runs out."
)
