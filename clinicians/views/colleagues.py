"""One colleague: which role, which sessions, which second factor, and changing those."""

import uuid

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians.actions.leaving import change_role
from clinicians.actions.sessions import end_all_sessions, remove_second_factor
from clinicians.forms import RoleForm
from clinicians.presenters.sessions import open_sessions
from clinicians.views.pages import done, page, refused
from clinicians.views.team import gone_back, the_colleague
from core.accounts import AccountRefused
from core.models import Role, User
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated

INVALID = 422
FACTORS = {
    Authenticator.Type.TOTP: "authenticator app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


@staff_view(Permission.MANAGE_STAFF)
@require_safe
def colleague(request: StaffRequest, user_id: uuid.UUID) -> HttpResponse:
    """Show a colleague's account."""
    user = the_colleague(request, user_id)
    return _show(request, user, RoleForm(initial={"role": user.role}))


def _show(
    request: StaffRequest, user: User, form: RoleForm, *, status: int = 200
) -> HttpResponse:
    kinds = Authenticator.objects.filter(user=user).order_by("id")
    factors = [
        FACTORS[Authenticator.Type(kind)]
        for kind in kinds.values_list("type", flat=True)
    ]
    context = {
        "person": user,
        "role": Role(user.role).label,
        "form": form,
        "factors": ", ".join(factors),
        "sessions": open_sessions(user, zone=request.clinic.zone, at=timezone.now()),
    }
    return page(request, "staff/colleague.html", context, status=status)


@staff_view(Permission.MANAGE_STAFF)
@recently_authenticated()
@require_POST
def role(request: StaffRequest, user_id: uuid.UUID) -> HttpResponse:
    """Give a colleague another role; they sign in again with it."""
    user = the_colleague(request, user_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _show(request, user, form, status=INVALID)
    wanted = Role(form.cleaned_data["role"])
    if wanted == user.role:
        done(request, "Nothing changed.")
        return redirect("clinicians:colleague", user.id)
    try:
        back = change_role(user=user, role=wanted, by=request.user, at=timezone.now())
    except AccountRefused as error:
        refused(request, error)
    else:
        label = wanted.label.lower()
        done(request, f"{user} is now: {label}. Sessions ended.{gone_back(back)}")
    return redirect("clinicians:colleague", user.id)


@staff_view(Permission.MANAGE_STAFF)
@recently_authenticated()
@require_POST
def end_sessions(request: StaffRequest, user_id: uuid.UUID) -> HttpResponse:
    """Sign a colleague out everywhere."""
    user = the_colleague(request, user_id)
    if user.id == request.user.id:
        return redirect("clinicians:sessions")
    end_all_sessions(user=user, by=request.user, at=timezone.now())
    done(request, f"{user} is signed out everywhere.")
    return redirect("clinicians:colleague", user.id)


@staff_view(Permission.MANAGE_STAFF)
@recently_authenticated()
@require_POST
def remove_factor(request: StaffRequest, user_id: uuid.UUID) -> HttpResponse:
    """Take a lost second factor away."""
    user = the_colleague(request, user_id)
    try:
        remove_second_factor(user=user, by=request.user, at=timezone.now())
    except AccountRefused as error:
        refused(request, error)
    else:
        done(request, f"{user} sets up a new second factor at the next sign-in.")
    return redirect("clinicians:colleague", user.id)
