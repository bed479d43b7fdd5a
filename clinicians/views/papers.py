"""The case to take along: as text to copy, and as a PDF. Each is on record."""

import uuid

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinicians.actions.looking import record_view
from clinicians.presenters.case import case_view
from clinicians.presenters.paper import case_paper
from clinicians.presenters.pdf import draw
from clinicians.presenters.people import header
from clinicians.presenters.record_text import record_text
from clinicians.views.pages import attachment, page, the_case
from core.permissions import Permission, StaffRequest, staff_view
from screening.models import Episode


def _note(request: StaffRequest, row: Episode, kind: str) -> None:
    record_view(
        kind=kind,
        object_type="episode",
        object_id=row.id,
        by=request.user,
        at=timezone.now(),
    )


def _text(request: StaffRequest, row: Episode) -> str:
    at = timezone.now()
    view = case_view(row, request.clinic, request.user, at=at)
    return record_text(view, row, request.clinic, request.user, at=at)


@staff_view(Permission.SEE_CASES)
@require_safe
def case_text(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Show the text in a box to copy from."""
    row = the_case(request, episode_id)
    _note(request, row, "CASE_TEXT_VIEWED")
    context = {
        "header": header(row.patient),
        "case_id": row.id,
        "text": _text(request, row),
    }
    return page(request, "staff/case_text.html", context)


@staff_view(Permission.SEE_CASES)
@require_safe
def case_text_plain(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Give the text alone, as plain text."""
    row = the_case(request, episode_id)
    _note(request, row, "CASE_TEXT_VIEWED")
    response = HttpResponse(
        _text(request, row), content_type="text/plain; charset=utf-8"
    )
    response["Cache-Control"] = "no-store"
    return response


@staff_view(Permission.SEE_CASES)
@require_safe
def case_pdf(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Make the PDF within this request and hand it over."""
    row, at = the_case(request, episode_id), timezone.now()
    view = case_view(row, request.clinic, request.user, at=at)
    content = draw(case_paper(view, request.clinic, request.user, at=at))
    # Only what was made is on record as taken along.
    _note(request, row, "CASE_PDF_DOWNLOADED")
    return attachment(content, "application/pdf", "case.pdf")
