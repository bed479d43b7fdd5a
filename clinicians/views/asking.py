"""The ASQ after item 9: begun from the case, asked by staff in its official words."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinicians.presenters.asking import ENGLISH, asq_view
from clinicians.views.cases import CONFLICT, show
from clinicians.views.pages import refused, the_case
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import EntryRefused, NotAvailable, start_entry
from screening.actions.entering import ASQ
from screening.models import Screening

ALOUD = (Screening.Mode.PHONE, Screening.Mode.IN_PERSON)


@staff_view(Permission.ENTER_ANSWERS)
@require_POST
def ask(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Begin the ASQ, or go on with the one that was begun."""
    row, at = the_case(request, episode_id), timezone.now()
    mode = request.POST.get("mode", "")
    try:
        view = asq_view(row, row.flags.all(), request.clinic, request.user)
        if view is None or not view.offered:
            raise EntryRefused("The ASQ is asked from an open case that it belongs to.")
        if mode not in ALOUD:
            raise EntryRefused("Choose whether you ask by telephone or in person.")
        screening = start_entry(
            patient=row.patient.stays,
            battery=[ASQ],
            language=ENGLISH,
            mode=mode,
            answered_at=at,
            by=request.user,
            at=at,
        )
    except (EntryRefused, NotAvailable) as error:
        refused(request, error)
        return show(request, row, status=CONFLICT)
    return redirect("clinicians:entry", screening.patient_id, screening.id)
