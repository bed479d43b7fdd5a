"""A bare insert: what Django itself takes for a post that stores one row."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from bench.site.models import BareRow


@login_not_required
@require_POST
def bare(request: HttpRequest) -> HttpResponse:
    """Store one row and lead on, as an answer does."""
    BareRow.objects.create(
        link_id=request.POST["link_id"],
        value=int(request.POST["choice"]),
        at=timezone.now(),
    )
    return redirect("/bare/")
