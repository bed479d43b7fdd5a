"""Who changed which setting, when and why; readable by whoever may read the log."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinicians.actions.looking import record_view
from clinicians.definitions import settings_policy
from clinicians.presenters.settings_history import as_rows, changes_of, entries
from clinicians.presenters.tables import as_csv
from clinicians.views.pages import attachment, page
from core.permissions import Permission, StaffRequest, can, staff_view
from core.views import recently_authenticated


@staff_view(Permission.READ_AUDIT)
@require_safe
def history(request: StaffRequest) -> HttpResponse:
    """List the changes, the newest first; the next page goes on where this one ends."""
    rows, size = changes_of(request.clinic), settings_policy().history_page
    if before := request.GET.get("before", ""):
        if not (before.isascii() and before.isdigit() and len(before) < 19):
            raise Http404
        rows = rows.filter(seq__lt=int(before))
    found = list(rows[: size + 1])
    context = {
        "entries": entries(found[:size], request.clinic.zone),
        "next": found[size - 1].seq if len(found) > size else None,
        "is_first": not before,
        "manages": can(request.user, Permission.MANAGE_CLINIC),
    }
    return page(request, "staff/settings_history.html", context)


@staff_view(Permission.READ_AUDIT)
@recently_authenticated(looking=True)
@require_safe
def history_csv(request: StaffRequest) -> HttpResponse:
    """Every change as a table for a spreadsheet."""
    found = entries(changes_of(request.clinic).iterator(), request.clinic.zone)
    rows = as_csv(as_rows(found))
    record_view(
        kind="SETTINGS_HISTORY_DOWNLOADED",
        object_type="clinic",
        object_id=request.clinic.id,
        by=request.user,
        at=timezone.now(),
    )
    return attachment(rows, "text/csv; charset=utf-8", "settings-history.csv")
