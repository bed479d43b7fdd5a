"""The list of patients and its search; no name or number ever stands in an address."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinicians.actions.missed import undelivered_of
from clinicians.forms.searching import SearchForm
from clinicians.presenters.patient_list import patient_list
from clinicians.views.pages import page
from core import crypto
from core.models import User
from core.permissions import Permission, StaffRequest, can, staff_view

INVALID = 422
UNREADABLE = "That search cannot be read any more. Search again."


@staff_view(Permission.SEE_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def patients(request: StaffRequest) -> HttpResponse:
    """Show the newest patients, or those whom a search finds.

    A search is posted, and comes back in the address sealed for the one who searched:
    the list can be reloaded, gone back to and paged through, and logs show nothing.
    """
    if request.method == "POST":
        form = SearchForm(request.POST)
        if form.is_valid():
            sealed = crypto.seal(
                form.cleaned_data["text"], context=_context(request.user)
            )
            query = urlencode({"find": sealed})
            return redirect(f"{reverse('clinicians:patients')}?{query}")
        return _show(request, form, "", status=INVALID)
    sealed, problem = request.GET.get("find", ""), ""
    text = ""
    if sealed:
        try:
            text = crypto.open_sealed(sealed, context=_context(request.user))
        except crypto.CannotRead:
            sealed, problem = "", UNREADABLE
    form = SearchForm(initial={"text": text})
    return _show(request, form, text, sealed=sealed, problem=problem)


def _context(user: User) -> str:
    return f"clinicians.search:{user.pk}"


def _show(
    request: StaffRequest,
    form: SearchForm,
    text: str,
    *,
    sealed: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    found = patient_list(
        request.clinic,
        text=text,
        sealed=sealed,
        state=request.GET.get("state", ""),
        place=request.GET.get("after", ""),
    )
    context = {
        "form": form,
        "found": found,
        "text": text,
        "problem": problem or found.problem,
        "undelivered": undelivered_of(request.clinic).count(),
        "merges": can(request.user, Permission.MERGE_PATIENTS),
    }
    return page(request, "staff/patients.html", context, status=status)
