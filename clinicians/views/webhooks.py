"""The page for notices by webhook: receivers, the signing secret, what became of them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinicians.actions.webhooks import NoSecret, renew_secret, set_webhooks
from clinicians.forms.webhooks import WebhooksForm
from clinicians.presenters.webhooks import newest
from clinicians.views.pages import done, page, refused
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated
from core.webhook import new_secret

INVALID = 422


@staff_view(Permission.MANAGE_CLINIC)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: StaffRequest) -> HttpResponse:
    """Show and change which systems are told at which step."""
    form = WebhooksForm(request.POST or None, clinic=request.clinic)
    if request.method == "POST" and form.is_valid():
        addresses = {step.value: urls for step, urls in form.addresses().items()}
        try:
            changed = set_webhooks(
                clinic=request.clinic,
                addresses=addresses,
                by=request.user,
                at=timezone.now(),
            )
        except NoSecret as error:
            refused(request, error)
        else:
            done(request, "Saved." if changed else "Nothing changed.")
        return redirect("clinicians:webhooks")
    return _show(request, form, status=INVALID if form.is_bound else 200)


@staff_view(Permission.MANAGE_CLINIC)
@recently_authenticated()
@require_POST
def secret(request: StaffRequest) -> HttpResponse:
    """Make a new secret and show it, this once."""
    made = new_secret()
    renew_secret(clinic=request.clinic, secret=made, by=request.user, at=timezone.now())
    request.clinic.refresh_from_db()
    return _show(request, WebhooksForm(clinic=request.clinic), made=made)


def _show(
    request: StaffRequest, form: WebhooksForm, *, made: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "made": made,
        "has_secret": bool(request.clinic.webhook_secret),
        "sent": newest(request.clinic),
    }
    return page(request, "staff/webhooks.html", context, status=status)
