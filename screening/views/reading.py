"""Pages to read after a check-in: static, and about nobody."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from screening import definitions
from screening.presenters import reading_page
from screening.views import resting, session


@require_safe
@login_not_required
@never_cache
def page(request: HttpRequest, page: int) -> HttpResponse:
    """Show one page in the reader's language; needs no database. Its address has a
    number and names no topic, since browsers remember addresses."""
    known = session.payload(request)
    asked = session.asked_language(request) or known.get("l")
    language = session.known_language(asked or translation.get_language())
    with translation.override(language.lower()):
        context = reading_page(page, language, in_session=bool(known))
        if context is None:
            raise Http404
        if known:
            resting.watch(request, known.get(session.DEVICE, ""), language)
        return render(request, "patient/read.html", context)


@require_safe
@login_not_required
@never_cache
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Lead from an address of before, which named its topic, to the one that does not."""
    number = definitions.page_about(topic)
    if number is None:
        raise Http404
    response = redirect("read", page=number)
    if language := session.asked_language(request):
        response["Location"] += f"?l={language}"
    return response
