"""Get help now: static, one tap away, and served with the database down."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from screening.presenters import help_page
from screening.views import known_lines, session


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
        country = known.get("c") or told.country
        context = help_page(country, language, told.keys, in_session=bool(known))
        return render(request, "patient/help.html", context)


@require_safe
@login_not_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Tell whoever comes without a link what to do."""
    return render(request, "patient/home.html")
