"""Checking the answers, submitting, stopping, leaving."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from screening import actions, definitions, engine
from screening.engine import Claim
from screening.models.sitting import Sitting
from screening.presenters import begin_page, end_page, review_page
from screening.views import session
from screening.views.questions import follow
from screening.views.session import asking, patient_page, patient_turn


@login_not_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Show every answer with a way to change it, or submit them."""
    return _submit(request) if request.method == "POST" else _review(request)


@asking
def _review(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    if not sitting.screening.is_open:
        return redirect("ended")
    return render(request, "patient/review.html", review_page(sitting))


@require_POST
@asking
def show_earlier(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Show what was answered before this opening of the link: a deliberate act."""
    try:
        actions.show_earlier(screening=sitting.screening, at=timezone.now())
    except actions.TooLate:
        return redirect("done")
    return redirect("review")


@patient_turn
def _submit(request: HttpRequest, claim: Claim) -> HttpResponse:
    try:
        return follow(request, engine.submit(claim, at=timezone.now()))
    except engine.Over:
        return redirect("ended")


@require_safe
@patient_page
def done(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Say what was asked and what happens next; never a diagnosis."""
    if not sitting.screening.completed_at:
        return redirect("start" if sitting.screening.is_open else "ended")
    context = end_page(sitting, at=timezone.now()) | {
        "device": session.on_device(request)
    }
    return render(request, "patient/done.html", context)


@require_safe
@login_not_required
@never_cache
def ended(request: HttpRequest) -> HttpResponse:
    """Say that this check-in was closed, and why a new one begins afresh."""
    return render(request, "patient/ended.html")


@require_http_methods(["GET", "POST"])
@patient_page
def stop(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Ask whether to pause or to withdraw; both are respected."""
    if request.method == "GET" or not sitting.screening.is_open:
        context = begin_page(sitting, "stop", on_device=session.on_device(request))
        return render(request, "patient/stop.html", context)
    if request.POST.get("how") == "withdraw":
        try:
            engine.withdraw(sitting.screening, at=timezone.now())
        except engine.Over:
            return redirect("done")
    if session.on_device(request):
        return redirect("handed-back")
    context = begin_page(sitting, "stopped")
    response = render(request, "patient/message.html", context)
    session.end(response)
    return response


@require_safe
@login_not_required
@never_cache
def exit_site(request: HttpRequest) -> HttpResponse:
    """Leave at once: the session ends by GET, on purpose (a form could be stuck)."""
    here, spoken = session.on_device(request), session.payload(request).get("l")
    target = session.goodbye(spoken) if here else definitions.exit_target()
    response = HttpResponseRedirect(target)
    return _wiped(response)


@require_safe
@login_not_required
@never_cache
def handed_back(request: HttpRequest) -> HttpResponse:
    """End the session on a device of the clinic, and leave nothing on its screen."""
    spoken = session.payload(request).get("l") or request.GET.get("l")
    language = session.known_language(spoken)
    with translation.override(language.lower()):
        return _wiped(render(request, "patient/handed_back.html"))


def _wiped(response: HttpResponse) -> HttpResponse:
    session.end(response)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
