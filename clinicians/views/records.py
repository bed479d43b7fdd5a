"""A record set inactive or deceased, and made active again."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinicians.actions.records import Ended, restore, set_state
from clinicians.forms.records import RestoreForm, StateForm
from clinicians.presenters.people import header
from clinicians.presenters.records import ending, record_state
from clinicians.views.pages import (
    done,
    form_looked_at,
    lead_to_stays,
    page,
    the_patient,
)
from clinicians.workflow.records import CHANGES, RecordState, StateRefused
from core.models import Patient
from core.permissions import Permission, StaffRequest, can, staff_view

INVALID, CONFLICT = 422, 409
WORDS = {
    RecordState.INACTIVE: ("Set inactive", "The record is set inactive."),
    RecordState.DECEASED: ("Record the death", "The record says that they have died."),
}


@staff_view(Permission.SET_INACTIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Say what ends when a record is set inactive or deceased; then set it so."""
    row = the_patient(request, patient_id)
    if row.merged_into_id:
        return lead_to_stays(row)
    if request.method != "POST":
        return _show(request, row)
    try:
        wanted = RecordState(request.POST.get("state", ""))
    except ValueError:
        return _show(request, row, problem="Choose what to set it to.", status=INVALID)
    if wanted not in WORDS:
        return _show(request, row, problem="Choose what to set it to.", status=INVALID)
    form = StateForm(request.POST, state=wanted)
    if not form.is_valid():
        return _show(request, row, form=form, wanted=wanted, status=INVALID)
    try:
        ended = set_state(
            patient=row,
            state=wanted,
            **form.cleaned_data,
            by=request.user,
            at=timezone.now(),
        )
    except StateRefused as error:
        form.add_error(None, str(error))
        return _show(request, row, form=form, wanted=wanted, status=CONFLICT)
    done(request, f"{WORDS[wanted][1]} {_ended(ended)}")
    return redirect("clinicians:patient", row.id)


def _ended(ended: Ended) -> str:
    told = [
        f"{count} {what}{pluralize(count)}"
        for count, what in ((ended.links, "open link"), (ended.schedules, "schedule"))
        if count
    ]
    also = f"{' and '.join(told)} ended with it. " if told else ""
    return f"{also}Open cases stay open."


@staff_view(Permission.RESTORE_PATIENTS)
@require_POST
def make_active(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Undo it: a supervisor makes the record active again, with a reason."""
    row = the_patient(request, patient_id)
    if row.merged_into_id:
        return lead_to_stays(row)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return _show(request, row, undo=form, status=INVALID)
    try:
        restore(
            patient=row,
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        )
    except StateRefused as error:
        form.add_error(None, str(error))
        return _show(request, row, undo=form, status=CONFLICT)
    done(
        request,
        "The record is active again. Links and schedules that ended stay ended: "
        "invite the patient anew.",
    )
    return redirect("clinicians:patient", row.id)


def _show(
    request: StaffRequest,
    row: Patient,
    *,
    form: StateForm | None = None,
    wanted: RecordState | None = None,
    undo: RestoreForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    form_looked_at(request, row)
    # A write that failed may have changed the row at hand.
    row.refresh_from_db(fields=["status", "died_on"])
    choices = [
        {
            "state": choice.value,
            "title": WORDS[choice][0],
            "form": form if form and choice is wanted else StateForm(state=choice),
        }
        for choice in CHANGES[RecordState(row.status)]
    ]
    context = {
        "header": header(row),
        "record": record_state(row, request.clinic, request.user),
        "ending": ending(row),
        "choices": choices,
        "wrong": form,
        "undo": undo or RestoreForm(),
        "problem": problem,
        "reads": can(request.user, Permission.SEE_CASES),
    }
    return page(request, "staff/record_state.html", context, status=status)
