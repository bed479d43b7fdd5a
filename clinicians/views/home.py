"""Where staff arrive after signing in: on the first page that their role may open."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from clinicians.presenters.shell import first_page
from core.models import User
from core.permissions import Permission, PermissionRefused, can, has_second_factor

HOME = "clinicians:home"


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead on; the page that follows asks for its own permission."""
    user = request.user
    if not isinstance(user, User) or user.clinic_id is None:
        raise PermissionRefused("This account belongs to no clinic.")
    page = first_page(user)
    if page is None:
        raise PermissionRefused("Your role has no page here.")
    return redirect(page)


def or_home(
    permission: Permission,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Lead whoever may not see this page to their own first one.

    For the address that people know by heart and are given as "Staff"; any other page
    refuses. The page itself still asks for its permission.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def led(request: HttpRequest) -> HttpResponse:
            user = request.user
            looks = request.method in ("GET", "HEAD") and has_second_factor(request)
            if looks and isinstance(user, User) and not can(user, permission):
                return redirect(first_page(user) or HOME)
            return view(request)

        return led

    return decorate
