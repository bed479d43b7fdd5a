"""The clinic's settings, with what was changed before."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.settings import change_settings
from clinicians.forms import SettingsForm
from clinicians.presenters.spending import spending
from clinicians.presenters.times import moment
from clinicians.views.pages import done, page
from core.models import AuditEvent
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated

INVALID = 422
CHANGES = 20


@staff_view(Permission.MANAGE_CLINIC)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: StaffRequest) -> HttpResponse:
    """Show and change how the clinic works, with what was changed before."""
    form = SettingsForm(request.POST or None, clinic=request.clinic)
    if request.method == "POST" and form.is_valid():
        changed = change_settings(
            clinic=request.clinic,
            changes=form.changes(),
            by=request.user,
            at=timezone.now(),
        )
        saved = f"Saved: {_names(changed)}." if changed else "Nothing changed."
        done(request, saved)
        return redirect("clinicians:settings")
    context = {
        "form": form,
        "history": _history(request),
        "model": spending(request.clinic, at=timezone.now()),
    }
    status = INVALID if form.is_bound else 200
    return page(request, "staff/settings.html", context, status=status)


def _history(request: StaffRequest) -> list[tuple[str, str]]:
    rows = AuditEvent.objects.filter(
        object_type="clinic", object_id=str(request.clinic.id), kind="CLINIC_CHANGED"
    ).order_by("-at")[:CHANGES]
    return [
        (moment(row.at, request.clinic.zone), _names(sorted(row.detail)))
        for row in rows
    ]


def _names(settings: list[str]) -> str:
    return ", ".join(settings).replace("_", " ")
