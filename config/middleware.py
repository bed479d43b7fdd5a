"""What every request passes: quiet headers, language, second factor."""

from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from core.permissions import has_second_factor
from screening import definitions

Next = Callable[[HttpRequest], HttpResponse]

TOO_LATE = (
    "You had been signed out before this was sent, so it was not saved. "
    "Sign in to go on where you were."
)
FIRST_FACTOR = "mfa_activate_totp"
CODES = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
STAFF_PATHS = ("/staff/", "/account/", "/fhir/", "/api/")
# What somebody without a second factor may do: set one up.
OPEN_WITHOUT_FACTOR = {
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}
# What somebody may do who has one and has not shown it: show it.
OPEN_TO_SHOW_IT = {
    "account_logout",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


class QuietHeaders:
    """No page is kept by a browser or proxy, and none uses a device of the reader."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = (
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response


class PatientLanguage(LocaleMiddleware):
    """A patient's page follows the browser until the screening says its language."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(STAFF_PATHS):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
        elif request.GET.get("l") in definitions.codes():
            # Whoever asks for a language is given it: it changes nothing else.
            language = request.GET["l"].lower()
            translation.activate(language)
            request.LANGUAGE_CODE = language
        else:
            super().process_request(request)


class SignInFirst(LoginRequiredMiddleware):
    """Sends strangers to sign in, and after that to the page where they were."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """A form that was sent too late leads back to its page, and says so: its own
        address may answer no GET, and what was written is not to be thought saved."""
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            messages.error(request, TOO_LATE)
        return redirect_to_login(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """The page of ours that a form stood on, if the browser says so."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    page = urlsplit(came_from)
    if not ours or not page.path.startswith("/staff/"):
        return settings.LOGIN_REDIRECT_URL
    return f"{page.path}?{page.query}" if page.query else page.path


class SecondFactor:
    """Sends staff who showed no second factor to show one, or to set one up."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *_args: object
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated or has_second_factor(request):
            return None
        match = request.resolver_match
        name = match.url_name if match else None
        if not is_mfa_enabled(request.user):
            return None if name in OPEN_WITHOUT_FACTOR else redirect(FIRST_FACTOR)
        if name in OPEN_TO_SHOW_IT:
            return None
        after = urlencode({"next": request.get_full_path()})
        coded = is_mfa_enabled(request.user, CODES)
        page = "mfa_reauthenticate" if coded else "mfa_reauthenticate_webauthn"
        return redirect(f"{reverse(page)}?{after}")
