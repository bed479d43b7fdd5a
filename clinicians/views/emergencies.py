"""Emergency access: one record, a reason, an hour; then a supervisor looks into it."""

import uuid

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.emergencies import (
    EmergencyRefused,
    end_access,
    open_record,
    sign_off,
)
from clinicians.actions.looking import record_view
from clinicians.definitions import security_policy
from clinicians.forms.security import EmergencyForm, SignOffForm
from clinicians.presenters.emergencies import access_view, lines
from clinicians.presenters.people import header
from clinicians.views.pages import done, page, refused, the_patient
from core.models import EmergencyAccess
from core.permissions import Permission, StaffRequest, can, staff_view
from core.views import recently_authenticated

PAGE = 50
INVALID, CONFLICT = 422, 409


@staff_view(Permission.EMERGENCY_ACCESS)
@recently_authenticated(looking=True)
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason, then open the record."""
    row = the_patient(request, patient_id)
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    status = INVALID if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            open_record(
                patient=row,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except EmergencyRefused as error:
            form.add_error(None, str(error))
            status = CONFLICT
        else:
            return redirect("clinicians:patient", row.id)
    record_view(
        kind="EMERGENCY_FORM_VIEWED",
        object_type="patient",
        object_id=row.id,
        by=request.user,
        at=timezone.now(),
    )
    context = {
        "header": header(row),
        "form": form,
        "minutes": security_policy().emergency_minutes,
    }
    return page(request, "staff/emergency.html", context, status=status)


@staff_view(Permission.EMERGENCY_ACCESS)
@require_POST
def end(request: StaffRequest, access_id: uuid.UUID) -> HttpResponse:
    """End one's own access before its hour is over.

    A colleague's is not there: the answer must not tell whose record they opened.
    """
    row = get_object_or_404(_rows(request), id=access_id, user=request.user)
    _end(request, row)
    return redirect("clinicians:patient", row.patient_id)


@staff_view(Permission.REVIEW_EMERGENCIES)
@require_POST
def stop(request: StaffRequest, access_id: uuid.UUID) -> HttpResponse:
    """End a colleague's access at once."""
    row = get_object_or_404(_rows(request), id=access_id)
    _end(request, row)
    return redirect("clinicians:emergency-review", row.id)


def _end(request: StaffRequest, row: EmergencyAccess) -> None:
    try:
        end_access(access=row, by=request.user, at=timezone.now())
    except EmergencyRefused as error:
        refused(request, error)
    else:
        done(request, "The record is closed again.")


def _rows(request: StaffRequest) -> QuerySet[EmergencyAccess]:
    rows = EmergencyAccess.objects.filter(clinic=request.clinic)
    return rows.select_related("user", "reviewed_by")


@staff_view(Permission.REVIEW_EMERGENCIES)
@require_safe
def emergencies(request: StaffRequest) -> HttpResponse:
    """List every emergency access: first what nobody has looked into."""
    rows = _rows(request).order_by("-opened_at", "id")
    waiting = rows.filter(reviewed_at__isnull=True)
    looked_into = rows.filter(reviewed_at__isnull=False)
    found = Paginator(looked_into, PAGE).get_page(request.GET.get("page", "1"))
    now, clinic = timezone.now(), request.clinic
    context = {
        "waiting": lines(waiting, clinic, request.user, at=now),
        "looked_into": lines(found, clinic, request.user, at=now),
        "page": found,
    }
    return page(request, "staff/emergencies.html", context)


@staff_view(Permission.REVIEW_EMERGENCIES)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: StaffRequest, access_id: uuid.UUID) -> HttpResponse:
    """Show one access with everything opened under it, and sign it off."""
    rows = _rows(request).select_related("patient")
    row = get_object_or_404(rows.prefetch_related("patient__identifiers"), id=access_id)
    form = SignOffForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _show(request, row, form, status=INVALID if form.is_bound else 200)
    try:
        sign_off(
            access=row,
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        )
    except EmergencyRefused as error:
        form.add_error(None, str(error))
        row.refresh_from_db()
        return _show(request, row, form, status=CONFLICT)
    done(request, "Signed off.")
    return redirect("clinicians:emergencies")


def _show(
    request: StaffRequest, row: EmergencyAccess, form: SignOffForm, *, status: int
) -> HttpResponse:
    at = timezone.now()
    record_view(
        kind="EMERGENCY_REVIEW_VIEWED",
        object_type="patient",
        object_id=row.patient_id,
        by=request.user,
        at=at,
    )
    context = {
        "access": access_view(row, request.clinic, request.user, at=at),
        "form": form,
        "sees_looks": can(request.user, Permission.SEE_ACCESS_LOG),
    }
    return page(request, "staff/emergency_review.html", context, status=status)
