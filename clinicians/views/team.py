"""The team: who may sign in, and who may no longer."""

import uuid

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinicians import notify
from clinicians.actions import end_access
from clinicians.forms import StaffForm
from clinicians.views.pages import done, page, refused
from core import accounts
from core.audit import Actor
from core.models import Role, User
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated

INVALID = 422


@staff_view(Permission.MANAGE_STAFF)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: StaffRequest) -> HttpResponse:
    """List the clinic's staff, and add somebody."""
    form = StaffForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, form)
    try:
        user = accounts.add_staff(
            clinic=request.clinic,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=Role(form.cleaned_data["role"]),
            by=Actor.staff(request.user),
            at=timezone.now(),
        )
    except accounts.AccountRefused as error:
        form.add_error("email", str(error))
        return _show(request, form)
    _send(request, user)
    return redirect("clinicians:team")


def _show(request: StaffRequest, form: StaffForm) -> HttpResponse:
    people = [
        (user, Role(user.role).label)
        for user in User.objects.filter(clinic=request.clinic).order_by(
            "-is_active", "name", "id"
        )
    ]
    status = INVALID if form.is_bound else 200
    return page(
        request, "staff/team.html", {"form": form, "people": people}, status=status
    )


def _send(request: StaffRequest, user: User) -> None:
    link = f"{settings.BASE_URL}{accounts.password_path(user)}"
    try:
        notify.send_account(user=user, clinic=request.clinic, link=link)
    except notify.MailFailed as error:
        refused(request, error)
        return
    done(request, f"A link to set a password was sent to {user.email}.")


def the_colleague(request: StaffRequest, user_id: uuid.UUID) -> User:
    """Return somebody of the reader's own clinic; any other is not there at all."""
    return get_object_or_404(User, id=user_id, clinic=request.clinic)


@staff_view(Permission.MANAGE_STAFF)
@recently_authenticated()
@require_POST
def send_again(request: StaffRequest, user_id: uuid.UUID) -> HttpResponse:
    """Send a new link to somebody who has not set a password, or lost it."""
    user = the_colleague(request, user_id)
    if user.is_active:
        _send(request, user)
    return redirect("clinicians:team")


@staff_view(Permission.MANAGE_STAFF)
@recently_authenticated()
@require_POST
def deactivate(request: StaffRequest, user_id: uuid.UUID) -> HttpResponse:
    """End somebody's access, in every session at once."""
    user = the_colleague(request, user_id)
    if user.id == request.user.id:
        refused(request, ValueError("You cannot end your own access."))
    else:
        back = end_access(user=user, by=request.user, at=timezone.now())
        done(request, f"{user} can no longer sign in.{gone_back(back)}")
    return redirect("clinicians:team")


def gone_back(count: int) -> str:
    """What became of the cases that the person had."""
    if not count:
        return ""
    cases = "1 case is" if count == 1 else f"{count} cases are"
    return f" {cases} back with the team, which is being told."


@staff_view(Permission.MANAGE_STAFF)
@recently_authenticated()
@require_POST
def reactivate(request: StaffRequest, user_id: uuid.UUID) -> HttpResponse:
    """Let somebody sign in again."""
    user = the_colleague(request, user_id)
    accounts.reactivate(user=user, by=Actor.staff(request.user), at=timezone.now())
    done(request, f"{user} can sign in again.")
    return redirect("clinicians:team")
