"""The way in: a link that a scanner cannot use up, and a second check."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from screening import actions
from screening.engine import Claim
from screening.forms import BirthDateForm, CodeForm
from screening.models import Invitation
from screening.presenters import check_page, texts
from screening.views import known_lines, resting, session


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Open a link. GET changes nothing; POST leads to a page without the token."""
    found = actions.find_invitation(token, at=timezone.now())
    if found is None:
        return session.gone(request)
    language = _language(request, found)
    if request.method == "POST":
        response: HttpResponse = redirect(_in(language, found, "check"))
        session.remember_opening(response, found.id)
        known_lines.remember(response, found.screening.clinic)
        return response
    with translation.override(language.lower()):
        context = {
            "texts": texts(language, "open", found.screening.clinic),
            "reminders": reverse("reminders", args=[token]),
        }
        return render(request, "patient/open.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever has the link say no to reminders, or yes again; it opens nothing."""
    found = actions.invitation_of(token)
    if found is None:
        return session.gone(request)
    wanted = request.POST.get("wanted")
    if request.method == "POST" and wanted in ("yes", "no"):
        actions.choose_reminders(
            invitation=found, wanted=wanted == "yes", at=timezone.now()
        )
        return redirect("reminders", token=token)
    language, patient = found.screening.language, found.screening.patient
    with translation.override(language.lower()):
        context = {
            "texts": texts(language, "reminders", found.screening.clinic),
            "wanted": patient.wants_reminders and patient.stays.wants_reminders,
        }
        return render(request, "patient/reminders.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for the birth date or the code; five wrong tries lock this link."""
    invitation_id = session.opening(request)
    found = invitation_id and actions.get_invitation(invitation_id, at=timezone.now())
    if not found:
        return session.gone(request)
    if found.device:
        resting.watch(request, found.device, found.screening.language)
    with translation.override(_language(request, found).lower()):
        if request.method == "POST":
            return _take_check(request, found)
        return _ask(request, found)


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """Return the language that was asked for here, or that of the invitation."""
    return session.asked_language(request) or invitation.screening.language


def _in(language: str, invitation: Invitation, page: str) -> str:
    """Return a page's address; it says the language where that is not the usual one."""
    address = reverse(page)
    same = language == invitation.screening.language
    return address if same else f"{address}?l={language}"


def _ask(
    request: HttpRequest,
    invitation: Invitation,
    form: BirthDateForm | CodeForm | None = None,
    *,
    mismatch: bool = False,
) -> HttpResponse:
    language = _language(request, invitation)
    context = check_page(invitation, form, language=language, mismatch=mismatch)
    status = 422 if context["errors"] else 200
    return render(request, "patient/check.html", context, status=status)


def _take_check(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = (CodeForm if invitation.code_hash else BirthDateForm)(request.POST)
    if not form.is_valid():
        # Nothing that could be a date or a code was typed: not counted as a try.
        return _ask(request, invitation, form)
    screening = actions.open_invitation(
        invitation_id=invitation.id, given=form.given(), at=timezone.now()
    )
    if screening is None:
        if actions.get_invitation(invitation.id, at=timezone.now()) is None:
            return session.gone(request)
        return _ask(request, invitation, form, mismatch=True)
    language = _language(request, invitation)
    if language != screening.language:
        screening = actions.switch_language(
            screening=screening, language=language, at=timezone.now()
        )
    response: HttpResponse = redirect("start")
    session.end(response)
    claim = Claim(screening_id=screening.id, nonce=screening.session_nonce)
    session.begin(
        response,
        claim,
        country=screening.clinic.country,
        language=screening.language,
        device=invitation.device,
    )
    known_lines.remember(response, screening.clinic)
    return response
