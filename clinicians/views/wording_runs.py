"""Having a model propose wordings: what to propose, and how far it is."""

import uuid

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinicians.forms import RunForm
from clinicians.presenters.times import moment
from clinicians.presenters.wording_story import progress
from clinicians.views.pages import done, page
from core.permissions import Permission, StaffRequest, staff_view
from screening import tasks
from screening.actions import RunRefused, start_run
from screening.language import paraphrase
from screening.models import WordingRun

INVALID = 422
SHOWN = 10
NO_MODEL = (
    "No language model is set up here, so none can propose wordings. Write them "
    "yourself, or import a file."
)
SWITCHED_OFF = (
    "This clinic does not use a language model. An administrator can change that in "
    "Settings."
)


@staff_view(Permission.PROPOSE_WORDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: StaffRequest) -> HttpResponse:
    """Ask for proposals, and show what was asked for before."""
    form = RunForm(request.POST or None)
    why_not = _why_not(request)
    if request.method == "POST" and form.is_valid() and not why_not:
        try:
            return _started(request, form)
        except RunRefused as error:
            form.add_error(None, str(error))
    earlier = WordingRun.objects.filter(clinic=request.clinic)[:SHOWN]
    context = {
        "form": form,
        "why_not": why_not,
        "model": settings.OPENAI_MODEL,
        "runs": [
            {
                "id": run.id,
                "at": moment(run.at, request.clinic.zone),
                "progress": progress(run),
            }
            for run in earlier
        ],
    }
    status = INVALID if form.is_bound else 200
    return page(request, "staff/wording_runs.html", context, status=status)


def _why_not(request: StaffRequest) -> str:
    if not paraphrase.configured():
        return NO_MODEL
    return "" if request.clinic.ai_enabled else SWITCHED_OFF


def _started(request: StaffRequest, form: RunForm) -> HttpResponse:
    official = form.cleaned_data["official"]
    run = start_run(
        clinic=request.clinic,
        instrument_id=official.id,
        language=official.language,
        wanted=form.wanted(),
        by=request.user,
        at=timezone.now(),
    )
    # After the commit: rows first, then the doorbell.
    tasks.ring(run.id)
    done(request, "This is written down. The work begins within a minute.")
    return redirect("clinicians:wording-run", run_id=run.id)


@staff_view(Permission.PROPOSE_WORDINGS)
@require_safe
def run(request: StaffRequest, run_id: uuid.UUID) -> HttpResponse:
    """Show how far a run is; the page renews itself while there is work left."""
    row = get_object_or_404(WordingRun, clinic=request.clinic, id=run_id)
    context = {
        "progress": progress(row),
        "started": moment(row.at, request.clinic.zone),
        "by": row.by,
    }
    return page(request, "staff/wording_run.html", context)
