"""The form of an entry as one page, and one question a page to read out."""

import uuid
from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.forms.entering import SheetForm
from clinicians.presenters import entering as present
from clinicians.presenters.entry_items import field as field_of
from clinicians.views.entering import INVALID, frame, looked, over, the_entry
from clinicians.views.pages import done, page, the_patient
from core.models import Patient
from core.permissions import Permission, StaffRequest, staff_view
from screening import engine
from screening.domain import dialogue
from screening.domain.dialogue import Step
from screening.engine import Entering
from screening.models.sitting import Sitting, load


@staff_view(Permission.ENTER_ANSWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Show the whole form, or store what is new on it."""
    row = the_patient(request, patient_id)
    sitting = the_entry(request, row, screening_id)
    if request.method != "POST":
        if not sitting.screening.is_open:
            return over(request, sitting)
        return _show_sheet(request, row, sitting)
    steps = [
        Step(part=part, link_id=item.link_id)
        for part in range(len(sitting.administrations))
        for item in sitting.instrument(part).items
    ]
    form = SheetForm(request.POST, sitting=sitting, steps=steps)
    problems = _store(request, form)
    sitting = load(screening_id)
    if problems is None or not sitting.screening.is_open:
        return over(request, sitting, unstored=form.lines())
    return _after_sheet(request, row, sitting, problems)


def _store(request: StaffRequest, form: SheetForm) -> dict[Step, str] | None:
    """Store what can be read; returns what is wrong with the rest, item by item, or
    None if the entry is over. Danger is flagged even then, so nothing here looks first
    whether it is."""
    seat = Entering(form.sitting.screening.id, request.user)
    try:
        unstored = engine.enter_form(seat, form.lines(), at=timezone.now())
    except engine.Over:
        return None
    refusals = {Step(part=u.position, link_id=u.link_id): u.why for u in unstored}
    return refusals | form.problems()


def _after_sheet(
    request: StaffRequest, row: Patient, sitting: Sitting, problems: dict[Step, str]
) -> HttpResponse:
    open_step = dialogue.first_open(sitting.dialogue())
    if "later" in request.POST and not problems:
        done(request, "What was entered is saved. Go on with it here when you can.")
        return redirect("clinicians:patient", row.id)
    if not problems and open_step is None:
        return redirect("clinicians:entry-check", row.id, sitting.screening.id)
    return _show_sheet(request, row, sitting, problems, posted=True)


def _show_sheet(
    request: StaffRequest,
    row: Patient,
    sitting: Sitting,
    problems: Mapping[Step, str] | None = None,
    *,
    posted: bool = False,
) -> HttpResponse:
    """Show the form as it stands; after a post also what still needs a word."""
    looked(request, sitting)
    sections = present.sections(
        sitting, at=timezone.now(), errors=problems, mark_open=posted
    )
    context = {
        **frame(request, row, sitting),
        "sections": sections,
        "errors": present.errors(sections) if posted else [],
        "saved": posted,
    }
    status = INVALID if posted else 200
    return page(request, "staff/entry_form.html", context, status=status)


@staff_view(Permission.ENTER_ANSWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def item(
    request: StaffRequest,
    patient_id: uuid.UUID,
    screening_id: uuid.UUID,
    part: int,
    number: int,
) -> HttpResponse:
    """Show one question to read out, or store its answer and go on."""
    row = the_patient(request, patient_id)
    sitting = the_entry(request, row, screening_id)
    step = present.step_at(sitting, part - 1, number)
    if not sitting.screening.is_open and (step is None or request.method != "POST"):
        return over(request, sitting)
    if step is None:
        raise Http404
    if request.method != "POST":
        return _show_item(request, row, sitting, step)
    form = SheetForm(request.POST, sitting=sitting, steps=[step])
    problems = _store(request, form)
    sitting = load(screening_id)
    if problems is None or not sitting.screening.is_open:
        return over(request, sitting, unstored=form.lines())
    if not problems and not form.lines():
        problems = {step: "Choose the answer that the patient gave."}
    if problems:
        return _show_item(request, row, sitting, step, problems[step])
    return redirect("clinicians:entry", row.id, screening_id)


def _show_item(
    request: StaffRequest,
    row: Patient,
    sitting: Sitting,
    step: Step,
    error: str = "",
) -> HttpResponse:
    """Show one question, with what is wrong with what was said if anything is."""
    looked(request, sitting)
    field = field_of(sitting, step, at=timezone.now(), error=error)
    instrument = sitting.instrument(step.part)
    n, of = dialogue.number(sitting.dialogue(), step)
    back = dialogue.before(sitting.dialogue(), step)
    context = {
        **frame(request, row, sitting),
        "field": field,
        "instrument": instrument,
        "number": n,
        "of": of,
        "back": field_of(sitting, back, at=timezone.now()).href if back else "",
        "errors": [present.Missing(error, f"#{field.name}-1")] if error else [],
    }
    status = INVALID if error else 200
    return page(request, "staff/entry_item.html", context, status=status)
