"""The crisis lines of the clinic's country: what patients see, and checks of them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinicians.actions.lines import LineRefused, contact_of, record_check
from clinicians.forms.lines import LineCheckForm
from clinicians.presenters.crisis_lines import how, lines_of
from clinicians.views.pages import done, page
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated

INVALID = 422


@staff_view(Permission.MANAGE_CLINIC)
@require_safe
def crisis_lines(request: StaffRequest) -> HttpResponse:
    """Show every line of the country, and which of them patients see."""
    context = {"lines": lines_of(request.clinic)}
    return page(request, "staff/crisis_lines.html", context)


@staff_view(Permission.MANAGE_CLINIC)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def check_line(request: StaffRequest, key: str) -> HttpResponse:
    """Take down who tried this number when, and what came of it."""
    contact = contact_of(request.clinic.country, key)
    if contact is None:
        raise Http404
    now = timezone.now()
    today = now.astimezone(request.clinic.zone).date()
    form = LineCheckForm(
        request.POST if request.method == "POST" else None,
        initial={"on": today, "name": request.user.name},
    )
    if form.is_valid():
        try:
            record_check(
                clinic=request.clinic,
                key=key,
                check=form.check(),
                by=request.user,
                at=now,
            )
        except LineRefused as error:
            form.add_error("on", str(error))
        else:
            done(request, f"Recorded: {how(contact)}.")
            return redirect("clinicians:crisis-lines")
    status = INVALID if form.is_bound else 200
    context = {"form": form, "how": how(contact), "href": contact.href}
    return page(request, "staff/crisis_line_check.html", context, status=status)
