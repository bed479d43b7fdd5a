"""Before the first item: purpose, age, how to reach the patient, consent."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from screening import actions, engine
from screening.engine.calling import model_is_offered
from screening.forms import MAX_WORDS, AboutForm, AgeForm, AiHelpForm, ConsentForm
from screening.models.sitting import Sitting
from screening.presenters import begin_page, errors_of, is_minor, onward, texts
from screening.views.questions import follow
from screening.views.session import asking, on_device, patient_page

Page = Callable[..., HttpResponse]


def unless_over(view: Page) -> Page:
    """Lead on where the screening ended between reading the page and writing."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except actions.TooLate:
            return redirect("done")

    return wrapped


def _over(sitting: Sitting) -> HttpResponse | None:
    """Return where a screening that is over leads, or None while it is open."""
    if sitting.screening.completed_at:
        return redirect("done")
    return None if sitting.screening.is_open else redirect("ended")


@require_safe
@patient_page
def start(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Say what this is, who reads it and when, and what it is not for."""
    over = _over(sitting)
    context = begin_page(sitting, "start", on_device=on_device(request))
    return over or render(request, "patient/start.html", context)


@require_http_methods(["GET", "POST"])
@patient_page
@unless_over
def age(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Let adults through; lead anyone younger to a kind page and a person."""
    if over := _over(sitting):
        return over
    form = AgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        adult = form.cleaned_data["adult"] == "yes" and not is_minor(
            sitting, at=timezone.now()
        )
        actions.confirm_age(screening=sitting.screening, adult=adult, at=timezone.now())
        return redirect("about" if adult else "minor")
    context = begin_page(sitting, "age") | {
        "errors": errors_of(form, {"adult": "adult-yes"})
    }
    status = 422 if form.errors else 200
    return render(request, "patient/age.html", context, status=status)


@require_safe
@patient_page
def minor(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Send nobody away empty-handed."""
    return render(request, "patient/message.html", begin_page(sitting, "minor"))


@require_http_methods(["GET", "POST"])
@patient_page
@unless_over
def about(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Ask, without need to answer, how to reach the patient."""
    if over := _over(sitting):
        return over
    if sitting.screening.adult_confirmed_at is None:
        return redirect("age")
    form = AboutForm(request.POST if request.method == "POST" else _about(sitting))
    if request.method == "POST":
        helped, valid = _heard(sitting, form), form.is_valid()
        if valid:
            actions.save_about(
                screening=sitting.screening, at=timezone.now(), **form.cleaned_data
            )
        if helped:
            return follow(request, helped)
        if valid:
            return redirect("consent")
    context = begin_page(sitting, "about") | {
        "values": {name: form.data.get(name, "") for name in AboutForm.base_fields},
        "errors": errors_of(form, {}) if request.method == "POST" else [],
        "kept": _keeps(sitting),
    }
    status = 422 if context["errors"] else 200
    return render(request, "patient/about.html", context, status=status)


def _heard(sitting: Sitting, form: AboutForm) -> engine.Taken | None:
    """Search what was written, whether or not it can be kept: it may be a call for help."""
    boxes = (form.data.get(name, "").strip() for name in AboutForm.base_fields)
    words = "\n".join(box.replace("\x00", "")[:MAX_WORDS] for box in boxes if box)
    return engine.hear_unkept(sitting, words, at=timezone.now()) if words else None


def _about(sitting: Sitting) -> dict[str, str]:
    screening = sitting.screening
    if screening.hides(screening.about_seen_at):
        return dict.fromkeys(AboutForm.base_fields, "")
    return {name: getattr(screening, name) for name in AboutForm.base_fields}


def _keeps(sitting: Sitting) -> bool:
    """Return whether something given before this opening is kept out of sight here."""
    screening = sitting.screening
    given = any(getattr(screening, name) for name in AboutForm.base_fields)
    return given and screening.hides(screening.about_seen_at)


@require_http_methods(["GET", "POST"])
@patient_page
@unless_over
def consent(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Ask for consent; help from a language model is a choice of its own."""
    if over := _over(sitting):
        return over
    if sitting.screening.adult_confirmed_at is None:
        return redirect("age")
    form = ConsentForm(request.POST or None)
    page = begin_page(sitting, "consent")
    if request.method == "POST" and form.agrees_to(page["texts"]["version"]):
        actions.give_consent(
            screening=sitting.screening,
            version=form.cleaned_data["version"],
            ai_help=form.cleaned_data["ai_help"] == "yes",
            at=timezone.now(),
        )
        return _first_question(sitting)
    context = page | {
        "errors": errors_of(form, {}),
        "ai": texts(sitting.screening.language, "ai"),
        "for_trying": settings.LANGUAGE_NOT_FOR_PATIENTS,
        "chosen": "",
        "ai_offered": model_is_offered(sitting.screening.clinic),
    }
    status = 422 if form.errors else 200
    return render(request, "patient/consent.html", context, status=status)


@require_http_methods(["GET", "POST"])
@asking
@unless_over
def ai_help(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Let the patient turn help from a language model off or on, at any question.

    Where there is no model to choose, the page says so; a page that was still open
    from before can only say no.
    """
    form = AiHelpForm(request.POST or None)
    offered = model_is_offered(sitting.screening.clinic)
    if request.method == "POST" and form.is_valid():
        wanted = offered and form.cleaned_data["ai_help"] == "yes"
        actions.choose_ai_help(
            screening=sitting.screening, wanted=wanted, at=timezone.now()
        )
        return _first_question(sitting)
    context = {
        "ai": texts(sitting.screening.language, "ai"),
        "for_trying": settings.LANGUAGE_NOT_FOR_PATIENTS,
        "chosen": "yes" if sitting.screening.ai_consent else "no",
        "offered": offered,
        "onward": _first_question(sitting).url,
    }
    status = 422 if form.errors else 200
    return render(request, "patient/ai.html", context, status=status)


def _first_question(sitting: Sitting) -> HttpResponseRedirect:
    return HttpResponseRedirect(onward(sitting))
