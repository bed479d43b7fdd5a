"""Pages to read after a check-in: static, and about nobody."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from screening.presenters import reading_page
from screening.views import resting, session


@require_safe
@login_not_required
@never_cache
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Show one topic in the reader's language; needs no database."""
    known = session.payload(request)
    asked = session.asked_language(request) or known.get("l")
    language = session.known_language(asked or translation.get_language())
    with translation.override(language.lower()):
        context = reading_page(topic, language, in_session=bool(known))
        if context is None:
            raise Http404
        if known:
            resting.watch(request, known.get(session.DEVICE, ""), language)
        return render(request, "patient/read.html", context)
