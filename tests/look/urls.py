"""Pages that show the look by itself: components, both frames, a form that saves."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import engines
from django.urls import path

from config.showcase import showcase
from screening.views.resting import Watch

QUESTION = """{% extends "base_patient.html" %}
{% block title %}{% if error %}Error: {% endif %}Question {{ number }}{% endblock %}
{% block status %}Question {{ number }} of 9{% endblock %}
{% block main %}{% include "components/_error_summary.html" %}
{% include "patient/_aloud.html" only %}
<form method="post" novalidate>{% csrf_token %}
{% include "components/_radios.html" with name="answer" legend="How was it?" is_h1=True %}
<p class="actions">{% include "components/_button.html" with text="Continue" only %}</p>
</form>{% endblock %}"""
STAFF = """{% extends "base_staff.html" %}{% block title %}Queue{% endblock %}
{% block main %}<h1>Queue</h1>{% endblock %}"""
OPTIONS = ({"value": "a", "text": "Well"}, {"value": "b", "text": "Badly"})


@login_not_required
def question(request: HttpRequest, number: int) -> HttpResponse:
    wrong = request.method == "POST" and "answer" not in request.POST
    if request.method == "POST" and not wrong:
        return HttpResponseRedirect(f"/question/{number + 1}")
    errors = [{"text": "Choose one answer", "href": "#answer-1"}] if wrong else []
    context = {"number": number, "options": OPTIONS, "errors": errors, "error": wrong}
    page = engines["django"].from_string(QUESTION).render(context, request)
    return HttpResponse(page, status=422 if wrong else 200)


@login_not_required
def watched(request: HttpRequest) -> HttpResponse:
    found = Watch(idle=60, warning=20, end="/exit/", on_device=False)
    request.watch = found  # type: ignore[attr-defined]
    return question(request, 1)


@login_not_required
def staff(request: HttpRequest) -> HttpResponse:
    context = {"unowned_urgent": 2, "alarms_stopped": True}
    return HttpResponse(engines["django"].from_string(STAFF).render(context, request))


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html")


@login_not_required
def gone(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>Elsewhere</title>Elsewhere")


urlpatterns = [
    path("components/", showcase),
    path("question/<int:number>", question),
    path("watched/", watched),
    path("staff/", staff),
    path("broken/", broken),
    path("exit/", gone),
    path("help/", gone),
]

handler404 = "config.errors.not_found"
