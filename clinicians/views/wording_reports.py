"""What patients reported about wordings: seen, then answered, by either reviewer."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians.actions.looking import record_views
from clinicians.forms import ReportAnswerForm
from clinicians.presenters.wording_reports import found, present, with_words
from clinicians.views.pages import done, page, refused
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import WordingRefused, answer_report, see_report
from screening.models import WordingReport

INVALID = 422
PER_PAGE = 20


@staff_view(Permission.SIGN_WORDINGS)
@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """List the reports, newest first; which are left follows from `state`."""
    return _show(request)


def _show(
    request: StaffRequest,
    form: ReportAnswerForm | None = None,
    about: uuid.UUID | None = None,
) -> HttpResponse:
    """Show the list; what patients wrote is on record as looked at, patient by patient."""
    state = request.GET.get("state", "")
    rows = Paginator(found(request.clinic, state), PER_PAGE)
    shown = rows.get_page(request.GET.get("page"))
    if read := with_words(shown):
        record_views(
            kind="WORDING_REPORTS_VIEWED",
            object_type="screening",
            object_ids=dict.fromkeys(read),
            by=request.user,
            at=timezone.now(),
        )
    known = WordingReport.State
    context = {
        "rows": present(shown, request.clinic.zone),
        "shown": shown,
        "query": f"state={state}&" if state in known.values else "",
        "state": state,
        "states": [("", "All"), *known.choices],
        "form": form or ReportAnswerForm(),
        "about": about,
    }
    status = INVALID if form else 200
    return page(request, "staff/wording_reports.html", context, status=status)


@staff_view(Permission.SIGN_WORDINGS)
@require_POST
def see(request: StaffRequest, report_id: uuid.UUID) -> HttpResponse:
    """Say that one has read it."""
    report = _the_report(request, report_id)
    see_report(report=report, by=request.user, at=timezone.now())
    done(request, "Marked as seen.")
    return redirect("clinicians:wording-reports")


@staff_view(Permission.SIGN_WORDINGS)
@require_POST
def answer(request: StaffRequest, report_id: uuid.UUID) -> HttpResponse:
    """Write what came of it."""
    report = _the_report(request, report_id)
    form = ReportAnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, form, report.id)
    try:
        answer_report(
            report=report, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except WordingRefused as error:
        refused(request, error)
        return redirect("clinicians:wording-reports")
    done(request, "Your answer is kept with the report.")
    return redirect("clinicians:wording-reports")


def _the_report(request: StaffRequest, report_id: uuid.UUID) -> WordingReport:
    rows = WordingReport.objects.filter(clinic=request.clinic).select_related("clinic")
    return get_object_or_404(rows, id=report_id)
