"""Get help now: static, one tap away, and served with the database down; and, for
whoever is answering, a way to be called."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from screening import actions, engine
from screening.engine import Said, Taken
from screening.forms import MAX_WORDS, CallForm
from screening.models.sitting import Sitting
from screening.presenters import call_page, help_page, new_key, outside_page
from screening.views import known_lines, session
from screening.views.questions import REFUSED, follow


@require_safe
@login_not_required
@never_cache
def help_now(request: HttpRequest) -> HttpResponse:
    """Show emergency number and crisis lines of the patient's country."""
    known = session.payload(request)
    asked = session.asked_language(request) or known.get("l")
    language = session.known_language(asked or translation.get_language())
    with translation.override(language.lower()):
        told = known_lines.known(request)
        context = help_page(
            known.get("c") or told.country,
            language,
            told.keys,
            phone=told.phone,
            in_session=bool(known),
        )
        return render(request, "patient/help.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """Let a patient ask to be called; say how to reach a clinic to anybody else."""
    if session.claim_of(request) is not None:
        return _call(request)
    language = session.known_language(translation.get_language())
    with translation.override(language.lower()):
        context = outside_page(language, known_lines.known(request).phone)
        return render(request, "patient/call_outside.html", context)


@session.patient_call
def _call(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Keep a request at once; a number that cannot be read is asked for again."""
    at, typed = timezone.now(), ""
    if request.method == "POST":
        form = CallForm(request.POST)
        number = form.cleaned_data["callback_number"] if form.is_valid() else ""
        actions.ask_for_call(
            screening_id=sitting.screening.id, callback_number=number, at=at
        )
        typed = form.data.get("callback_number", "").replace("\x00", "")[:MAX_WORDS]
        if helped := _heard(request, sitting, typed):
            return follow(request, helped)
        if form.is_valid():
            return redirect("call")
    asked = actions.call_waiting(sitting.screening)
    context = call_page(sitting, asked, at=at, typed=typed)
    return render(
        request, "patient/call.html", context, status=REFUSED if typed else 200
    )


def _heard(request: HttpRequest, sitting: Sitting, typed: str) -> Taken | None:
    """Search words that stand where a number should: they may be a call for help."""
    claim, at = session.claim_of(request), timezone.now()
    if claim is None or not any(letter.isalpha() for letter in typed):
        return None
    said = Said(key=new_key(0, at=at), position=-1, link_id="", words=typed)
    try:
        return engine.hear_only(claim, said, at=at)
    except (
        engine.Over
    ):  # before consent no words are kept, and are searched all the same
        return engine.hear_unkept(sitting, typed, at=at)


@require_safe
@login_not_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Tell whoever comes without a link what to do."""
    return render(request, "patient/home.html")
