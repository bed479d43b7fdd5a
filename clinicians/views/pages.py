"""What every page for staff shares: its clinic's objects, and what it says next."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from clinicians.actions.looking import record_view
from core.models import Patient
from core.permissions import StaffRequest
from screening.models import Episode


def page(
    request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page for staff; what its frame says comes from the page shell."""
    response = render(request, template, context, status=status)
    # Health records do not belong into the cache of a shared computer.
    response["Cache-Control"] = "no-store"
    return response


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep; its name says nothing about whose it is."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def the_case(request: StaffRequest, episode_id: uuid.UUID) -> Episode:
    """Return a case of the reader's own clinic; any other is not there at all."""
    rows = Episode.objects.filter(clinic=request.clinic)
    rows = rows.select_related("patient__merged_into", "owner", "clinic")
    rows = rows.prefetch_related(
        "patient__identifiers", "patient__merged_into__identifiers"
    )
    return get_object_or_404(rows, id=episode_id)


def the_patient(request: StaffRequest, patient_id: uuid.UUID) -> Patient:
    """Return a patient of the reader's own clinic; any other is not there at all."""
    rows = Patient.objects.filter(clinic=request.clinic)
    rows = rows.select_related("clinic", "merged_into__clinic").prefetch_related(
        "identifiers", "merged_into__identifiers"
    )
    return get_object_or_404(rows, id=patient_id)


def lead_to_stays(row: Patient) -> HttpResponse:
    """Lead from a merged record to the page of the one that it is read through."""
    return redirect("clinicians:patient", row.stays.id)


def form_looked_at(request: StaffRequest, patient: Patient) -> None:
    """Put on record that somebody was shown who this is, beside a form to fill in."""
    record_view(
        kind="FORM_VIEWED",
        object_type="patient",
        object_id=patient.id,
        by=request.user,
        at=timezone.now(),
    )


def refused(request: StaffRequest, error: Exception) -> None:
    """Say on the next page why something was not done."""
    messages.error(request, str(error))


def refused_for(request: StaffRequest, case: Episode) -> None:
    """Say why a case was not reopened, and lead to the one that is open."""
    sentence = format_html(
        "This patient has an open case already. "
        '<a href="{}">Go to the open case</a> and add a note there.',
        reverse("clinicians:case", args=[case.id]),
    )
    messages.error(request, sentence)


def done(request: StaffRequest, sentence: str) -> None:
    """Say on the next page what was done."""
    messages.success(request, sentence)


@contextmanager
def said(
    request: StaffRequest, sentence: str, *, unless: type[Exception]
) -> Iterator[None]:
    """Do something, and say on the next page that it was done, or why it was not."""
    try:
        yield
    except unless as error:
        refused(request, error)
    else:
        done(request, sentence)
