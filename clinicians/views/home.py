"""Where staff arrive after signing in: on the first page that their role may open."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from clinicians.presenters.shell import first_page
from core.models import User
from core.permissions import PermissionRefused


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead on; the page that follows asks for its own permission."""
    user = request.user
    page = first_page(user) if isinstance(user, User) else None
    if page is None:
        raise PermissionRefused("This account belongs to no clinic.")
    return redirect(page)
