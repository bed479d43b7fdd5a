"""Putting a submitted answer right: with a reason, the old answer and score kept."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.looking import record_view
from clinicians.forms.entering import AmendForm
from clinicians.presenters.entering import Missing
from clinicians.presenters.entry_items import also_amended, amend_choices
from clinicians.presenters.people import header
from clinicians.presenters.results import screenings
from clinicians.views.pages import done, page, the_patient
from core.models import Patient
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import AmendedByOther, AmendRefused, Correction, amendable
from screening.actions import amend as put_right
from screening.domain.instruments import Item
from screening.domain.scoring import AnswerRefused
from screening.models import Administration
from screening.models.sitting import load

INVALID, CONFLICT = 422, 409


@staff_view(Permission.AMEND)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(
    request: StaffRequest,
    patient_id: uuid.UUID,
    screening_id: uuid.UUID,
    part: int,
    number: int,
) -> HttpResponse:
    """Show one submitted answer with what counts now, or put it right."""
    patient = the_patient(request, patient_id)
    row = _administration(request, patient_id, screening_id, part)
    item = _item(row, number)
    form = AmendForm(
        request.POST or None, item=item, initial={"seen_version": row.score.version}
    )
    status = INVALID if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            _put_right(request, row, item, form)
        except (AmendRefused, AnswerRefused) as error:
            form.add_error(None, str(error))
        except AmendedByOther as error:
            # What was typed stays; the version is what they will have seen now.
            row.score.refresh_from_db()
            form = _again(form, item, str(error), version=row.score.version)
            status = CONFLICT
        else:
            done(request, "The answer is amended, and the score is made anew.")
            return redirect("clinicians:results", patient.id, row.screening_id)
    return _show(request, patient, row, item, form, status=status)


def _show(
    request: StaffRequest,
    patient: Patient,
    row: Administration,
    item: Item,
    form: AmendForm,
    *,
    status: int,
) -> HttpResponse:
    """Show the answer and score that count now beside the form."""
    record_view(
        kind="RESULTS_VIEWED",
        object_type="screening",
        object_id=row.screening_id,
        by=request.user,
        at=timezone.now(),
    )
    (screening,) = screenings([row.screening_id], request.clinic.zone)
    view = screening.administrations[row.position]
    lang = row.instrument.language
    context = {
        "header": header(patient),
        "screening": screening,
        "part": view,
        "item": next(one for one in view.items if one.number == item.number),
        "lang": lang,
        "also": also_amended(load(row.screening_id), row.position, item),
        "form": form,
        "choices": amend_choices(item, form.data.get("answer", ""), lang=lang),
        "errors": _errors(form),
        "answer_error": " ".join(str(error) for error in form["answer"].errors),
    }
    return page(request, "staff/amend.html", context, status=status)


def _errors(form: AmendForm) -> list[Missing]:
    """What is wrong, each leading to its place on the page."""
    places = {"answer": "#answer-1", "reason": "#id_reason"}
    return [
        Missing(str(error), places.get(name, "#id_reason"))
        for name, found in form.errors.items()
        for error in found
    ]


def _administration(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID, part: int
) -> Administration:
    """Return a submitted questionnaire of this patient; any other is not there."""
    rows = Administration.objects.filter(
        screening__clinic=request.clinic,
        screening__patient_id=patient_id,
        screening_id=screening_id,
        position=part - 1,
        score__isnull=False,
    ).select_related("screening", "definition", "score")
    row = get_object_or_404(rows)
    if not amendable(row.screening):
        raise Http404
    return row


def _item(row: Administration, number: int) -> Item:
    found = (item for item in row.instrument.items if item.number == number)
    item = next(found, None)
    if item is None:
        raise Http404
    return item


def _put_right(
    request: StaffRequest, row: Administration, item: Item, form: AmendForm
) -> None:
    given = form.cleaned_data
    put_right(
        screening_id=row.screening_id,
        correction=Correction(
            position=row.position,
            link_id=item.link_id,
            value=form.value(),
            reason=given["reason"],
            seen_version=given["seen_version"],
        ),
        by=request.user,
        at=timezone.now(),
    )


def _again(form: AmendForm, item: Item, why: str, *, version: int) -> AmendForm:
    """Return the form with what was typed, for the version that is shown now."""
    data = {**form.cleaned_data, "seen_version": version}
    again = AmendForm(data, item=item)
    again.add_error(None, why)
    return again
