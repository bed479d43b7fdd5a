"""Entering answers for a patient: from paper, by telephone or in person."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.looking import record_view
from clinicians.forms.entering import EntryForm
from clinicians.presenters import entering as present
from clinicians.presenters.people import header
from clinicians.views.pages import (
    done,
    form_looked_at,
    lead_to_stays,
    page,
    refused,
    the_patient,
)
from core.models import Patient, same_person
from core.permissions import Permission, StaffRequest, staff_view
from screening import engine
from screening.actions import EntryRefused, NotAvailable, start_entry
from screening.domain import dialogue
from screening.engine import Entering, Line, Said
from screening.models import Episode, Screening
from screening.models.sitting import NoSuchSitting, Sitting, load

INVALID = 422
OVER = "This entry is over: it was submitted, discarded, or left open too long."
LOST = "What you have marked since is not stored."
FLAGGED = "The answer to a safety question is flagged all the same."


@staff_view(Permission.ENTER_ANSWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_entry(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Choose what is entered, then lead to the form or to the first question."""
    row, at = the_patient(request, patient_id), timezone.now()
    if row.merged_into_id:
        return lead_to_stays(row)
    initial = {
        "language": row.language,
        "answered_on": at.astimezone(request.clinic.zone).date(),
    }
    form = EntryForm(
        request.POST or None, clinic=request.clinic, at=at, initial=initial
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            screening = start_entry(
                patient=row,
                battery=given["battery"],
                language=given["language"],
                mode=given["mode"],
                answered_at=form.answered_at(),
                by=request.user,
                at=at,
            )
        except (EntryRefused, NotAvailable) as error:
            form.add_error(None, str(error))
        else:
            return redirect("clinicians:entry", row.id, screening.id)
    form_looked_at(request, row)
    context = {"form": form, "header": header(row)}
    status = INVALID if form.is_bound else 200
    return page(request, "staff/entry_new.html", context, status=status)


def the_entry(request: StaffRequest, row: Patient, screening_id: uuid.UUID) -> Sitting:
    """Return what staff entered for this patient; anything else is not there."""
    try:
        sitting = load(screening_id)
    except NoSuchSitting as error:
        raise Http404 from error
    screening = sitting.screening
    if screening.patient_id != row.id or screening.origin != Screening.Origin.STAFF:
        raise Http404
    return sitting


def looked(request: StaffRequest, sitting: Sitting) -> None:
    """Put on record that somebody looked at what was entered."""
    record_view(
        kind="RESULTS_VIEWED",
        object_type="screening",
        object_id=sitting.screening.id,
        by=request.user,
        at=timezone.now(),
    )


def over(
    request: StaffRequest, sitting: Sitting, *, unstored: Sequence[Line] = ()
) -> HttpResponse:
    """Say that an entry is over, what of a post that means, and lead to what became
    of it."""
    told = [OVER, LOST] if unstored else [OVER]
    if any(_shows_danger(sitting, line.said) for line in unstored):
        told.append(FLAGGED)
    messages.info(request, " ".join(told))
    ids = [sitting.screening.patient_id, sitting.screening.id]
    return redirect("clinicians:results", *ids)


def _shows_danger(sitting: Sitting, said: Said) -> bool:
    return bool(said.value) and sitting.item(said.position, said.link_id).safety


def frame(request: StaffRequest, row: Patient, sitting: Sitting) -> dict[str, Any]:
    """What every page of an entry shows around its own matter."""
    at = timezone.now()
    entry = present.entry_view(sitting, request.clinic, request.user, at=at)
    return {"header": header(row), "entry": entry}


@staff_view(Permission.ENTER_ANSWERS)
@require_safe
def entry(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Lead to where the entry goes on."""
    row = the_patient(request, patient_id)
    sitting = the_entry(request, row, screening_id)
    if not sitting.screening.is_open:
        return over(request, sitting)
    step = dialogue.first_open(sitting.dialogue())
    if step is None:
        return redirect("clinicians:entry-check", row.id, screening_id)
    if sitting.screening.mode == Screening.Mode.PAPER:
        return redirect("clinicians:entry-form", row.id, screening_id)
    number = sitting.item(step.part, step.link_id).number
    return redirect(
        "clinicians:entry-item", row.id, screening_id, step.part + 1, number
    )


@staff_view(Permission.ENTER_ANSWERS)
@require_safe
def check(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Show everything that was entered, before it is submitted."""
    row = the_patient(request, patient_id)
    sitting = the_entry(request, row, screening_id)
    if not sitting.screening.is_open:
        return over(request, sitting)
    looked(request, sitting)
    sections = present.asked_sections(sitting, at=timezone.now())
    context = {
        **frame(request, row, sitting),
        "sections": sections,
        "missing": present.missing(sections),
    }
    return page(request, "staff/entry_check.html", context)


@staff_view(Permission.ENTER_ANSWERS)
@require_POST
def submit(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Score what was entered; an item that is still open leads back to it."""
    row = the_patient(request, patient_id)
    sitting = the_entry(request, row, screening_id)
    seat = Entering(screening_id, request.user)
    try:
        taken = engine.submit(seat, at=timezone.now())
    except engine.Over:
        return over(request, sitting)
    if taken.outcome.to == "expired":
        return over(request, sitting)
    if taken.outcome.to != "done":
        refused(request, EntryRefused("Something is still open. Enter it first."))
        return redirect("clinicians:entry-check", row.id, screening_id)
    return _submitted(request, row, sitting)


def _submitted(request: StaffRequest, row: Patient, sitting: Sitting) -> HttpResponse:
    """Lead to the answers; after an ASQ to the case, where its outcome stands."""
    cases = Episode.objects.filter(patient__in=same_person(row.id).values("id"))
    cases = cases.exclude(status=Episode.Status.CLOSED)
    # After a merge there may be two: what was entered is on the newer one.
    episode = cases.order_by("-last_flag_at").first()
    if episode and sitting.screening.battery == ["asq"]:
        done(request, "The ASQ is on the case, with what follows from it.")
        return redirect("clinicians:case", episode.id)
    done(request, "The answers are submitted and scored.")
    if episode:
        href = reverse("clinicians:case", args=[episode.id])
        sentence = 'This patient has an open case. <a href="{}">Go to the case</a>'
        messages.warning(request, format_html(sentence, href))
    return redirect("clinicians:results", row.id, sitting.screening.id)


@staff_view(Permission.ENTER_ANSWERS)
@require_POST
def discard(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """End an entry unfinished; what was entered stays, and stays flagged."""
    row = the_patient(request, patient_id)
    sitting = the_entry(request, row, screening_id)
    try:
        engine.cancel(Entering(screening_id, request.user), at=timezone.now())
    except engine.Over:
        return over(request, sitting)
    done(request, "The entry is discarded. Whatever was saved stays in the record.")
    return redirect("clinicians:patient", row.id)
