"""The clinic's own pages: its settings, and the wordings that it signs."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.settings import change_settings
from clinicians.forms import SettingsForm
from clinicians.presenters import wordings as present
from clinicians.presenters.spending import spending
from clinicians.presenters.times import moment
from clinicians.views.pages import done, page, refused
from core.models import AuditEvent, Role
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import sign_wordings
from screening.models import WordingSignOff

INVALID = 422
CHANGES = 20


@staff_view(Permission.MANAGE_CLINIC)
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


@staff_view(Permission.SIGN_WORDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def wordings(request: StaffRequest) -> HttpResponse:
    """Show every shipped wording beside its official text, and sign some."""
    role = sign_off_role(Role(request.user.role))
    if request.method == "POST":
        return _sign(request, role)
    context = {
        "groups": present.groups(request.clinic, role),
        "role": WordingSignOff.Role(role).label,
    }
    return page(request, "staff/wordings.html", context)


def sign_off_role(role: Role) -> str:
    """In whose name somebody signs: it follows from who they are."""
    if role is Role.LIVED_EXPERIENCE:
        return WordingSignOff.Role.LIVED_EXPERIENCE
    return WordingSignOff.Role.CLINICIAN


def _sign(request: StaffRequest, role: str) -> HttpResponse:
    """Sign what was ticked, at the checksum that stood on the page."""
    shipped = present.checksums()
    ticked = [entry.rpartition("@") for entry in request.POST.getlist("wording")]
    keys = {
        key: checksum for key, _, checksum in ticked if shipped.get(key) == checksum
    }
    if len(keys) < len(ticked):
        refused(request, ValueError("Some texts changed meanwhile. Read them again."))
    signed = sign_wordings(
        clinic=request.clinic, keys=keys, role=role, by=request.user, at=timezone.now()
    )
    done(request, f"{signed} signed." if signed else "Nothing new was signed.")
    return redirect("clinicians:wordings")
