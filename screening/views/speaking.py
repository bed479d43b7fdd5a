"""The language that somebody chose: by a link before a session, by a button within."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from screening import actions, definitions
from screening.models.sitting import Sitting
from screening.views import session


@require_POST
@session.patient_page
def switch(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Change the language and come back to the same page; every answer stays."""
    wanted = request.POST.get("to", "")
    back = request.POST.get("next", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, None)
    response: HttpResponse = redirect(back if ours else "start")
    if wanted in definitions.codes():
        try:
            actions.switch_language(
                screening=sitting.screening, language=wanted, at=timezone.now()
            )
        except actions.TooLate:
            return redirect("ended")
        session.speak(request, response, wanted)
    return response
