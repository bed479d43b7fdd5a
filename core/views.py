"""Asks for a fresh proof of who is there, above the pages whose acts are dangerous."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows import reauthentication
from allauth.core import ratelimit
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.usersessions.models import UserSession
from allauth.utils import get_form_class
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from core.permissions import Parameters, StaffRequest, StaffView

PREFIX = "again"
_OURS = (f"{PREFIX}-", "csrfmiddlewaretoken")
INVALID = 422


class _Password(ReauthenticateForm):  # type: ignore[misc]
    """Without the link for a forgotten one, which would lead away from what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


def recently_authenticated(
    *, looking: bool = False
) -> Callable[[StaffView[Parameters]], Callable[..., HttpResponse]]:
    """Ask who it is before an act, unless that was shown within the last minutes.

    Nothing that was typed is lost, and no server keeps it meanwhile: the page that asks
    carries the whole form and sends it on together with the proof. (A file cannot be
    carried: a page that takes one asks before it is shown.) `looking`: ask before a
    page is shown or a file handed out, too.
    """

    def decorate(view: StaffView[Parameters]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(
            request: StaffRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponse:
            acts = request.method == "POST"
            if (acts or looking) and not is_recent(request):
                asked = _ask(request) if acts else _lead_to_the_question(request)
                if asked is not None:
                    return asked
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def renew_session(request: HttpRequest) -> None:
    """A new key for the same session, once somebody has shown again who they are."""
    before = request.session.session_key
    request.session.cycle_key()
    keep_listed(request, before=before)


def keep_listed(request: HttpRequest, *, before: str | None) -> None:
    """The list of sessions knows this one by its new key."""
    row = UserSession.objects.filter(session_key=before)
    row.update(session_key=request.session.session_key)


def is_recent(request: HttpRequest) -> bool:
    """Whether this person has signed in or shown who they are a moment ago."""
    needed = reauthentication.is_reauthentication_required(request, app="core")
    return not needed


def _lead_to_the_question(request: StaffRequest) -> HttpResponse:
    after = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('account_reauthenticate')}?{after}")


def _ask(request: StaffRequest) -> HttpResponse | None:
    """None if the proof came with the form and holds; else the page that asks."""
    password = _Password(user=request.user, prefix=PREFIX)
    if not any(name.startswith(f"{PREFIX}-") for name in request.POST):
        return _question(request, password)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        said = "Too many tries. Wait a minute and try again: what you entered is kept."
        return _question(request, password, refused=[said])
    if f"{PREFIX}-credential" in request.POST:
        shows = get_form_class(
            mfa_settings.FORMS, "reauthenticate_webauthn", ReauthenticateWebAuthnForm
        )
        passkey = shows(request.POST, user=request.user, prefix=PREFIX)
        if passkey.is_valid():
            passkey.save()
            return None
        refused = passkey.errors.get("credential", [])
        return _question(request, password, refused=refused)
    password = _Password(request.POST, user=request.user, prefix=PREFIX)
    if not password.is_valid():
        return _question(request, password)
    reauthentication.reauthenticate_by_password(request)
    return None


def _question(
    request: StaffRequest,
    form: _Password,
    *,
    refused: Sequence[str] = (),
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "refused": refused,
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            if not name.startswith(_OURS)
            for value in values
        ],
        "action": request.get_full_path(),
    }
    if is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN]):
        options = webauthn.begin_authentication(request.user)
        context["js_data"] = {"request_options": options}
    status = INVALID if form.is_bound or refused else 200
    return render(request, "account/confirm.html", context, status=status)
