"""Questions as a plain list of pages, or as a conversation: the patient's choice."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from screening import actions
from screening.forms import WayForm
from screening.models.sitting import Sitting
from screening.presenters import list_page, way_back
from screening.views.session import asking


@require_safe
@asking
def questions(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Show all questions, which of them are answered, and the way to each."""
    return render(request, "patient/list.html", list_page(sitting))


@require_POST
@asking
def way(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Take the choice, and lead to the list or back to the question."""
    form = WayForm(request.POST)
    if not form.is_valid():
        # Nothing that could be chosen: where it was chosen from is still there.
        return redirect("questions")
    as_list = form.cleaned_data["way"] == "list"
    try:
        actions.choose_way(
            screening=sitting.screening, as_list=as_list, at=timezone.now()
        )
    except actions.TooLate:
        return redirect("done")
    if as_list:
        return redirect("questions")
    return HttpResponseRedirect(way_back(sitting, *form.cleaned_data["at"]))
