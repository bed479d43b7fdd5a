"""Who has looked at this record: the page of a patient's access log."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinicians.actions.looking import record_view
from clinicians.presenters.access import looks, looks_at
from clinicians.presenters.people import header
from clinicians.views.pages import page, the_patient
from core.permissions import Permission, StaffRequest, can, staff_view

PAGE = 50


@staff_view(Permission.SEE_ACCESS_LOG)
@require_safe
def access_log(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """List every look at a record, the newest first; this look is on record too."""
    row = the_patient(request, patient_id)
    if row.merged_into_id:
        return redirect("clinicians:access-log", row.stays.id)
    record_view(
        kind="ACCESS_LOG_VIEWED",
        object_type="patient",
        object_id=row.id,
        by=request.user,
        at=timezone.now(),
    )
    found = Paginator(looks_at(row, request.clinic), PAGE)
    shown = found.get_page(request.GET.get("page", "1"))
    context = {
        "header": header(row),
        "page": shown,
        "looks": looks(shown, request.clinic.zone),
        "sees_patient": can(request.user, Permission.SEE_PATIENTS),
    }
    return page(request, "staff/access.html", context)
