"""Which address leads where; a view is closed unless it says otherwise."""

from typing import NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from clinicians.views import sessions
from config import errors, health, showcase


def closed(request: HttpRequest, **_kwargs: str) -> NoReturn:
    """Pages of allauth that this product has no use for: administrators do it."""
    raise Http404


def all_factors(request: HttpRequest) -> HttpResponse:
    """One page lists every factor, so passkeys have none of their own."""
    return redirect("mfa_index")


urlpatterns = [
    path("components/", showcase.showcase, name="components"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("account/signup/", closed, name="account_signup"),
    path("account/email/", closed, name="account_email"),
    path("account/confirm-email/", closed, name="account_email_verification_sent"),
    path("account/confirm-email/<str:key>/", closed, name="account_confirm_email"),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/webauthn/", all_factors, name="mfa_list_webauthn"),
    path(
        "account/second-factor/webauthn/keys/<int:pk>/remove/",
        sessions.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path(
        "account/second-factor/totp/deactivate/",
        sessions.remove_app,
        name="mfa_deactivate_totp",
    ),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("staff/", include("records.views.addresses")),
    path("staff/", include("clinicians.urls")),
    path("", include("records.urls")),
    path("", include("screening.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
