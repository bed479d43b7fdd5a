"""Who is away and who covers; and the end of a shift."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinicians import actions
from clinicians.forms import AbsenceForm, HandOverForm
from clinicians.models import Absence
from clinicians.presenters.absences import away_page, reviewers
from clinicians.views.pages import done, page, refused
from core.permissions import Permission, StaffRequest, can, staff_view

INVALID = 422


@staff_view(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: StaffRequest) -> HttpResponse:
    """List who will be away, and say that oneself is; supervisors say it of others."""
    form = _form(request)
    if request.method != "POST" or not form.is_valid():
        return _show(request, form)
    try:
        row = actions.go_away(**form.cleaned_data, by=request.user, at=timezone.now())
    except actions.AbsenceRefused as error:
        form.add_error(None, str(error))
        return _show(request, form)
    done(request, f"{row.cover} covers for {row.user} in this time.")
    return redirect("clinicians:absences")


def _form(request: StaffRequest) -> AbsenceForm:
    people = reviewers(request.clinic)
    everybody = can(request.user, Permission.REASSIGN)
    may = people if everybody else [request.user]
    # Nobody else covers for somebody who can only speak for themselves.
    covers = people if everybody else [u for u in people if u != request.user]
    return AbsenceForm(
        request.POST or None, zone=request.clinic.zone, may_be_away=may, people=covers
    )


def _show(request: StaffRequest, form: AbsenceForm) -> HttpResponse:
    at = timezone.now()
    others = [u for u in actions.takers(request.user, at=at) if u != request.user]
    context = {
        "form": form,
        "away": away_page(request.clinic, request.user, at=at),
        "shift_form": HandOverForm(people=others, auto_id="shift_%s"),
    }
    status = INVALID if form.is_bound else 200
    return page(request, "staff/absences.html", context, status=status)


@staff_view(Permission.REVIEW)
@require_POST
def call_off(request: StaffRequest, absence_id: uuid.UUID) -> HttpResponse:
    """End an absence now, or before it begins."""
    rows = Absence.objects.filter(clinic=request.clinic).select_related("user")
    row = get_object_or_404(rows, id=absence_id)
    if row.user_id != request.user.id and not can(request.user, Permission.REASSIGN):
        refused(request, ValueError("Only a supervisor calls off somebody else's."))
        return redirect("clinicians:absences")
    actions.call_off(absence=row, by=request.user, at=timezone.now())
    done(request, f"{row.user} is no longer marked as away.")
    return redirect("clinicians:absences")
