"""The audit log: a list to narrow down, a table to take along, a proof to ask for."""

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.examining import TooLong, prove, record_examined
from clinicians.definitions import security_policy
from clinicians.forms.audit import AuditForm
from clinicians.presenters.access import about_patient
from clinicians.presenters.audit import audit_lines, chain_state, table, words_of
from clinicians.presenters.audit_filters import GROUPS, after, condition, place_after
from clinicians.presenters.people import header
from clinicians.presenters.tables import as_csv
from clinicians.views.pages import attachment, done, page, refused
from core.models import AuditEvent, Patient, same_person
from core.permissions import Permission, StaffRequest, can, staff_view
from core.views import recently_authenticated
from screening.models import Screening

INVALID = 422
FAULTS = 5


@staff_view(Permission.READ_AUDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: StaffRequest) -> HttpResponse:
    """List the log, the newest first; what is typed leads to an address without it."""
    if request.method == "POST":
        form = _form(request, request.POST)
        if form.is_valid():
            return redirect(f"{reverse('clinicians:audit')}?{form.query()}")
        return _show(request, form, None)
    form = _form(request, request.GET)
    if not form.is_valid():
        return _show(request, form, None)
    rows = _asked(request, form)
    try:
        rows = (
            rows.filter(after(request.GET["after"])) if "after" in request.GET else rows
        )
    except ValueError:
        return redirect(f"{reverse('clinicians:audit')}?{form.query()}")
    _examined(request, form, "AUDIT_VIEWED")
    return _show(request, form, rows)


def _form(request: StaffRequest, data: QueryDict) -> AuditForm:
    groups = {name: words for name, (words, _) in GROUPS.items()}
    return AuditForm(data, clinic=request.clinic, groups=groups)


def _asked(request: StaffRequest, form: AuditForm) -> QuerySet[AuditEvent]:
    """The clinic's own chain; with a patient also what the patient's screenings keep."""
    rows = AuditEvent.objects.order_by("-at", "-seq", "-id").filter(
        condition(form.cleaned_data, request.clinic)
    )
    if form.patient_id:
        patient = get_object_or_404(Patient, id=form.patient_id, clinic=request.clinic)
        people = same_person(patient.id).values("id")
        sittings = Screening.objects.filter(patient__in=people).values_list(
            "id", flat=True
        )
        own = Q(chain__in=[f"screening:{one}" for one in sittings])
        return rows.filter(own | about_patient(patient, request.clinic))
    return rows.filter(chain=f"clinic:{request.clinic.id}")


def _examined(request: StaffRequest, form: AuditForm, kind: str) -> None:
    detail = {"filters": form.query()} if form.query() else {}
    record_examined(
        kind=kind,
        by=request.user,
        at=timezone.now(),
        detail=detail,
        patient_id=form.patient_id,
    )


def _show(
    request: StaffRequest, form: AuditForm, rows: QuerySet[AuditEvent] | None
) -> HttpResponse:
    size = security_policy().audit_page
    found = list(rows[: size + 1]) if rows is not None else []
    more = len(found) > size
    found = found[:size]
    valid = rows is not None
    context: dict[str, Any] = {
        "form": form,
        "lines": audit_lines(found, request.clinic.zone),
        "next": form.query(after=place_after(found[-1])) if more else "",
        "query": form.query() if valid else "",
        "kind": words_of(form.cleaned_data["kind"])
        if valid and form["kind"].value()
        else "",
        "patient": _named(request, form.patient_id) if valid else None,
        "chain": chain_state(request.clinic),
        "most": security_policy().audit_export,
        "sees_looks": can(request.user, Permission.SEE_ACCESS_LOG),
    }
    status = 200 if valid else INVALID
    return page(request, "staff/audit.html", context, status=status)


def _named(request: StaffRequest, patient_id: uuid.UUID | None) -> object:
    rows = Patient.objects.filter(Q(id=patient_id), clinic=request.clinic)
    patient = rows.prefetch_related("identifiers").first()
    return header(patient) if patient else None


@staff_view(Permission.READ_AUDIT)
@recently_authenticated(looking=True)
@require_safe
def audit_csv(request: StaffRequest) -> HttpResponse:
    """Give the same lines out as a table; that is on record, too."""
    form = _form(request, request.GET)
    if not form.is_valid():
        return _show(request, form, None)
    most = security_policy().audit_export
    found = list(_asked(request, form)[: most + 1])
    rows = list(table(found[:most]))
    if len(found) > most:
        rows.append([f"Cut after {most} lines: choose a shorter period for the rest."])
    _examined(request, form, "AUDIT_DOWNLOADED")
    return attachment(as_csv(rows), "text/csv; charset=utf-8", "audit-log.csv")


@staff_view(Permission.READ_AUDIT)
@require_POST
def prove_chain(request: StaffRequest) -> HttpResponse:
    """Prove now that no line was changed, moved or taken away."""
    try:
        faults = prove(clinic=request.clinic, by=request.user, at=timezone.now())
    except TooLong as error:
        refused(request, error)
        return redirect("clinicians:audit")
    if faults:
        named = " ".join(faults[:FAULTS])
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        said = f"{count}. Tell whoever runs this system at once. {named}"
        refused(request, ValueError(said))
    else:
        done(request, "Every line of this clinic's log follows from the one before it.")
    return redirect("clinicians:audit")
