"""Checking the answers, submitting, stopping, leaving."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
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
from screening.presenters import (
    begin_page,
    copy_page,
    copy_texts,
    end_page,
    may_copy,
    review_page,
)
from screening.views import resting, session
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
    device = session.on_device(request)
    context = end_page(sitting, at=timezone.now()) | {
        "device": device,
        "copy": None if device else copy_texts(sitting),
    }
    return render(request, "patient/done.html", context)


@require_POST
@patient_page
def copy(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Hand the patient a file with the questions and answers, in words, no scores.

    Never on a device of the clinic: the next one there would find it. Nor around
    the answers that are out of sight: the page they are checked on leads to those.
    """
    if session.on_device(request) or not may_copy(sitting):
        return redirect("review" if sitting.screening.is_open else "done")
    actions.note_copy(screening=sitting.screening, at=timezone.now())
    page = copy_page(sitting, at=timezone.now())
    text = render_to_string("patient/copy.html", page)
    name = 'attachment; filename="check-in.html"'
    return HttpResponse(text, headers={"Content-Disposition": name})


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
        device = session.on_device(request)
        context = begin_page(sitting, "stop", on_device=device)
        context["copy"] = None if device else copy_texts(sitting)
        return render(request, "patient/stop.html", context)
    withdraws = request.POST.get("how") == "withdraw"
    if withdraws:
        try:
            engine.withdraw(sitting.screening, at=timezone.now())
        except engine.Over:
            return redirect("done")
    if session.on_device(request):
        return redirect("handed-back")
    context = begin_page(sitting, "withdrawn" if withdraws else "stopped")
    context["over"] = True
    response = render(request, "patient/message.html", context)
    session.end(response)
    return response


@require_safe
@login_not_required
@never_cache
def exit_site(request: HttpRequest) -> HttpResponse:
    """Leave at once: the session ends by GET, on purpose (a form could be stuck)."""
    here, spoken = session.on_device(request), session.payload(request).get("l")
    target = resting.goodbye(spoken) if here else definitions.exit_target()
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


@require_safe
@login_not_required
@never_cache
def rested(request: HttpRequest) -> HttpResponse:
    """End a session that nobody used for a while, and say that nothing is lost.

    Which country's lines to show stays known: that is when help may be needed most.
    """
    spoken = session.payload(request).get("l") or request.GET.get("l")
    language = session.known_language(spoken or translation.get_language())
    with translation.override(language.lower()):
        page = render(request, "patient/rested.html")
    session.end(page, lines=False)
    page["Clear-Site-Data"] = '"cache", "storage"'
    return page


def _wiped(response: HttpResponse) -> HttpResponse:
    session.end(response)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
