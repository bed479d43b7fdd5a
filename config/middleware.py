"""What every request passes: quiet headers, language, second factor."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from core.permissions import has_second_factor

Next = Callable[[HttpRequest], HttpResponse]

FIRST_FACTOR = "mfa_activate_totp"
CODES = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
STAFF_PATHS = ("/staff/", "/account/", "/fhir/")
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
        else:
            super().process_request(request)


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
