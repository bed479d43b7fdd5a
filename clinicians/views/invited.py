"""What became of several patients invited at once, and the sheets of those on paper."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinicians.actions.looking import record_views
from clinicians.models import InviteBatch
from clinicians.presenters import inviting as present
from clinicians.presenters.sheets import sheets as present_sheets
from clinicians.views.pages import page
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions.opening import is_live
from screening.models import Invitation


@staff_view(Permission.INVITE)
@require_safe
def invited(request: StaffRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Say what became of each of them."""
    batch = get_object_or_404(InviteBatch, clinic=request.clinic, id=batch_id)
    context = {"batch": present.batch(batch, request.clinic)}
    return page(request, "staff/invited.html", context)


@staff_view(Permission.INVITE)
@require_safe
def sheets(request: StaffRequest, batch_id: uuid.UUID) -> HttpResponse:
    """A sheet for each, to print; of those who got no e-mail, or of all."""
    batch = get_object_or_404(InviteBatch, clinic=request.clinic, id=batch_id)
    everybody = request.GET.get("who") == "all"
    ids = [
        row["invitation"]
        for row in batch.rows
        if row["invitation"] and (everybody or not row["mailed"])
    ]
    links = Invitation.objects.filter(id__in=ids, screening__clinic=request.clinic)
    links = links.select_related("screening__clinic", "screening__patient")
    links = links.prefetch_related("screening__patient__identifiers")
    at = timezone.now()
    live = [link for link in links.order_by("created_at", "id") if is_live(link, at=at)]
    record_views(
        kind="LINK_VIEWED",
        object_type="screening",
        object_ids=[link.screening_id for link in live],
        by=request.user,
        at=at,
    )
    context = {
        "sheets": present_sheets(live, request.clinic),
        "batch_id": batch.id,
        "clinic": request.clinic.name,
    }
    return page(request, "staff/sheets.html", context)
