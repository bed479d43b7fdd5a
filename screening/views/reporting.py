"""Reporting a wording as unclear or hurtful: beside the questions, never in their way."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from screening import engine
from screening.actions import Reported
from screening.engine import Claim, Said, Taken
from screening.forms import ReportForm
from screening.models.sitting import Sitting
from screening.presenters import new_key
from screening.presenters.reporting import Pointed, pointed_at, report_page
from screening.views.questions import MOST_KEPT, REFUSED, follow, not_asked
from screening.views.session import claim_of, elsewhere, patient_call


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@patient_call
def wording(
    request: HttpRequest, sitting: Sitting, part: int, number: int
) -> HttpResponse:
    """Ask which wording and what is wrong with it; keep what is said."""
    if there := elsewhere(sitting):
        return _heard_first(request, part, there)
    ask = (request.POST if request.method == "POST" else request.GET).dict()
    pointed = pointed_at(sitting, part - 1, number, ask)
    if pointed is None:
        return _not_asked(request, sitting, part, number)
    if request.method != "POST":
        context = report_page(sitting, pointed, ask, at=timezone.now())
        return render(request, "patient/wording.html", context)
    claim = claim_of(request)
    if claim is None:  # `asking` found one: this cannot be
        raise Http404
    form = ReportForm(request.POST)
    try:
        if form.is_valid() and _as_shown(form, sitting, pointed):
            reported = _reported(form, pointed)
            words = form.cleaned_data["words"].strip()
            return follow(
                request, engine.report(claim, reported, words, at=timezone.now())
            )
        return _again(request, sitting, pointed, form, claim)
    except engine.Over:
        return redirect("done")


def _as_shown(form: ReportForm, sitting: Sitting, pointed: Pointed) -> bool:
    """Whether the wordings are still those that stood on the page: another window may
    have switched the language, and nobody reports what they have not read."""
    shown = form.cleaned_data["asked_as"]
    if shown in ("", str(sitting.administration(pointed.step.part).definition_id)):
        return True
    form.add_error("asked_as", "switched")
    return False


def _reported(form: ReportForm, pointed: Pointed) -> Reported:
    """What is kept: the text comes from us, never from the form."""
    posted = form.cleaned_data
    beneath = pointed.beneath if posted["where"] == "BENEATH" else None
    text = pointed.beneath_text if beneath else pointed.item.text
    return Reported(
        key=posted["key"],
        position=pointed.step.part,
        link_id=pointed.step.link_id,
        where="BENEATH" if beneath else "OFFICIAL",
        why=posted["why"],
        text=text,
        shown_as=beneath.key if beneath else "",
    )


def _not_asked(
    request: HttpRequest, sitting: Sitting, part: int, number: int
) -> HttpResponse:
    """Lead on from a question that is not asked any more; words are heard first."""
    return _heard_first(request, part, not_asked(sitting, part, number))


def _heard_first(request: HttpRequest, part: int, there: HttpResponse) -> HttpResponse:
    """Lead there, or to help if words that came along call for it: a page may have been
    left open after the end."""
    claim, at = claim_of(request), timezone.now()
    if request.method != "POST" or claim is None:
        return there
    try:
        helped = _heard(claim, request.POST, part - 1, "", at=at)
    except engine.Over:
        return there  # before consent there is no such page
    return follow(request, helped) if helped else there


def _heard(
    claim: Claim,
    posted: Mapping[str, str],
    position: int,
    link_id: str,
    *,
    at: datetime,
) -> Taken | None:
    """Keep and search words that no report is made of; returns where to lead, if that
    is to help."""
    words = posted.get("words", "").replace("\x00", "")[:MOST_KEPT].strip()
    if not words:
        return None
    key = new_key(0, at=at)
    said = Said(key=key, position=position, link_id=link_id, words=words)
    return engine.hear_only(claim, said, at=at)


def _again(
    request: HttpRequest,
    sitting: Sitting,
    pointed: Pointed,
    form: ReportForm,
    claim: Claim,
) -> HttpResponse:
    """Say what is missing; words that came along are kept and heard all the same."""
    at = timezone.now()
    step = pointed.step
    if helped := _heard(claim, form.data, step.part, step.link_id, at=at):
        return follow(request, helped)
    ask = {name: form.data.get(name, "") for name in ("more", "turn")}
    context = report_page(sitting, pointed, ask, at=at, form=form)
    return render(request, "patient/wording.html", context, status=REFUSED)
