"""Where I am signed in, and ending that; taking a second factor of mine away."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.sessions import end_all_sessions, end_session
from clinicians.presenters.sessions import open_sessions
from clinicians.views.pages import done, page, refused
from core import accounts
from core.permissions import StaffRequest, own_view
from core.views import keep_listed, recently_authenticated


@own_view
@require_safe
def sessions(request: StaffRequest) -> HttpResponse:
    """List every browser in which this person is signed in."""
    lines = open_sessions(
        request.user,
        zone=request.clinic.zone,
        at=timezone.now(),
        current=request.session.session_key,
    )
    return page(request, "staff/sessions.html", {"sessions": lines})


@own_view
@require_POST
def end_one(request: StaffRequest, session_id: int) -> HttpResponse:
    """Sign out one browser; the page offers only the others."""
    own = UserSession.objects.filter(pk=session_id, user=request.user).first()
    if own is not None and own.is_current():
        logout(request)
        return redirect("account_login")
    if end_session(session_id=session_id, by=request.user, at=timezone.now()):
        done(request, "That browser is signed out.")
    else:
        refused(request, ValueError("There is no such session any more."))
    return redirect("clinicians:sessions")


@own_view
@require_POST
def end_others(request: StaffRequest) -> HttpResponse:
    """Sign out every browser but this one, whether it is listed or not."""
    end_all_sessions(user=request.user, by=request.user, at=timezone.now())
    _stay(request)
    done(request, "Every other browser is signed out.")
    return redirect("clinicians:sessions")


def _stay(request: StaffRequest) -> None:
    """This browser goes on, where every session has just ended."""
    before = request.session.session_key
    update_session_auth_hash(request, request.user)
    keep_listed(request, before=before)


@own_view
@recently_authenticated(looking=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_app(request: StaffRequest) -> HttpResponse:
    """Take the authenticator app away."""
    return _remove(request, Authenticator.Type.TOTP)


@own_view
@recently_authenticated(looking=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_passkey(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one passkey away."""
    return _remove(request, Authenticator.Type.WEBAUTHN, pk=pk)


def _remove(
    request: StaffRequest, kind: Authenticator.Type, **which: int
) -> HttpResponse:
    """Ask, then do it; the last factor stays."""
    mine = Authenticator.objects.filter(user=request.user, type__in=accounts.FACTORS)
    factor = mine.filter(type=kind, **which).first()
    if factor is None:
        return redirect("mfa_index")
    passkey = factor.type == Authenticator.Type.WEBAUTHN
    context = {
        "last": mine.count() == 1,
        "factor_name": factor.wrap().name if passkey else "Authenticator app",
    }
    if request.method != "POST" or context["last"]:
        return page(request, "mfa/remove.html", context)
    try:
        removed = accounts.remove_own_factor(
            user=request.user, factor_id=factor.pk, at=timezone.now()
        )
    except accounts.AccountRefused as error:
        refused(request, error)
        return redirect("mfa_index")
    mails = {
        "webauthn": "mfa/email/webauthn_removed",
        "totp": "mfa/email/totp_deactivated",
    }
    get_adapter().send_notification_mail(mails[removed], request.user)
    _stay(request)
    done(request, "It is removed, and every other browser is signed out.")
    return redirect("mfa_index")
