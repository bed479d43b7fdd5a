"""What every request passes: quiet headers, language, second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from core.permissions import has_second_factor

Next = Callable[[HttpRequest], HttpResponse]

STAFF_PATHS = ("/staff/", "/account/", "/fhir/")
# What may be done before a second factor was shown.
OPEN_BEFORE_FACTOR = {
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_reauthenticate",
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
        if match and match.url_name in OPEN_BEFORE_FACTOR:
            return None
        if not is_mfa_enabled(request.user):
            return redirect("mfa_activate_totp")
        after = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('mfa_reauthenticate')}?{after}")
