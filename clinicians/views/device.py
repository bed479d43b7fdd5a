"""Handing a patient a device of the clinic: staff are signed out of it first."""

import uuid

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.device import HandOverRefused, check_device, hand_device
from clinicians.actions.inviting import open_screenings
from clinicians.definitions import planning_policy
from clinicians.forms.planning import AskForm
from clinicians.presenters.people import header
from clinicians.presenters.planning import title_of
from clinicians.views.pages import form_looked_at, page, refused, the_patient
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import InvitationRefused, NotAvailable
from screening.views import known_lines, session

INVALID = 422


@staff_view(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_here(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Say what will happen; a POST signs out and leads to the patient's own pages."""
    row = the_patient(request, patient_id)
    try:
        check_device(row, request.user)
    except HandOverRefused as error:
        refused(request, error)
        return redirect("clinicians:patient", row.id)
    waiting = open_screenings([row.id]).get(row.id)
    asked = {"battery": request.clinic.battery, "language": row.language}
    if waiting is not None:
        asked = {"battery": waiting.battery, "language": waiting.language}
    form = AskForm(request.POST or None, clinic=request.clinic, initial=asked)
    if request.method == "POST" and (waiting is not None or form.is_valid()):
        given = asked if waiting is not None else form.cleaned_data
        try:
            made = hand_device(patient=row, **given, by=request.user, at=timezone.now())
        except (HandOverRefused, InvitationRefused, NotAvailable) as error:
            form.add_error(None, str(error))
        else:
            return _away(request, made.invitation.id)
    form_looked_at(request, row)
    context = {
        "header": header(row),
        "form": form,
        "waiting": title_of(waiting.battery) if waiting else "",
        "minutes": planning_policy().device_idle_seconds // 60,
    }
    status = INVALID if form.errors else 200
    return page(request, "staff/answer_here.html", context, status=status)


def _away(request: StaffRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Leave nothing of the staff in this browser, and let the patient in."""
    logout(request)
    response = redirect("check")
    session.end(response)
    session.remember_opening(response, invitation_id)
    known_lines.remember(response, request.clinic)
    # Pages that were looked at before must not come back by Back.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
