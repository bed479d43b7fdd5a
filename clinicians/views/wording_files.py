"""The wording library as a file: out for review, and new texts in."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinicians.forms import WordingFileForm
from clinicians.views.pages import page
from core.permissions import Permission, StaffRequest, staff_view
from screening.engine.importing import import_wordings
from screening.language import exchange

INVALID = 422
FORMS = {
    "csv": (exchange.as_csv, "text/csv"),
    "jsonl": (exchange.as_json_lines, "application/x-ndjson"),
}


@staff_view(Permission.SIGN_WORDINGS)
@require_safe
def export(request: StaffRequest, form: str) -> HttpResponse:
    """Give out every text with its official question, state and signatures."""
    if form not in FORMS:
        raise Http404
    write, kind = FORMS[form]
    content = write(exchange.export(request.clinic))
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    name = f"wordings-{timezone.now():%Y-%m-%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@staff_view(Permission.PROPOSE_WORDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: StaffRequest) -> HttpResponse:
    """Propose the new texts of a file, and say of every line what became of it."""
    form = WordingFileForm(request.POST or None, request.FILES or None)
    context = {"form": form, "columns": exchange.COLUMNS, "needed": exchange.NEEDED}
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                context["report"] = import_wordings(
                    clinic=request.clinic,
                    content=form.cleaned_data["file"],
                    by=request.user,
                    at=timezone.now(),
                )
                status = 200
            except exchange.FileRefused as error:
                form.add_error("file", str(error))
    return page(request, "staff/wordings_import.html", context, status=status)
