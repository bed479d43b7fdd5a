"""The queue of open cases."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinicians.presenters.filters import read_wanted
from clinicians.presenters.queue import queue_page
from clinicians.views.pages import page
from core.permissions import Permission, StaffRequest, can, staff_view


@staff_view(Permission.SEE_QUEUE)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """Show one page of it, narrowed down as the address says."""
    at = timezone.now()
    # Who runs the clinic sees that work waits, not what patients said.
    reads = can(request.user, Permission.SEE_CASES)
    wanted = read_wanted(request.GET.dict(), request.clinic, request.user, reads=reads)
    place = request.GET.get("after", "")
    found = queue_page(request.clinic, request.user, wanted, place=place, at=at)
    return page(request, "staff/queue.html", {"queue": found, "reads": reads})
