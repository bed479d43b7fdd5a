"""The queue of open cases, its part that renews itself, and whether keys move in it."""

from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians.presenters.filters import read_wanted
from clinicians.presenters.queue import Queue, queue_page
from clinicians.presenters.shell import staff_shell
from clinicians.views.home import or_home
from clinicians.views.pages import page
from clinicians.views.several import undoable
from core.permissions import Permission, StaffRequest, can, staff_view

# After so long even rows that did not change are read anew: "2 h ago" grows old.
WORDS_LAST_SECONDS = 300
KEYS_OFF = "queue-keys-off"
YEAR = 365 * 24 * 3600


@or_home(Permission.SEE_QUEUE)
@staff_view(Permission.SEE_QUEUE)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """Show one page of it, narrowed down as the address says."""
    at = timezone.now()
    found = _read(request, at)
    context = {
        "queue": found,
        "reads": _reads(request),
        "mark": _mark(found, at),
        "undoable": undoable(request, at),
        "keys_off": request.COOKIES.get(KEYS_OFF) == "1",
    }
    return page(request, "staff/queue.html", context)


@staff_view(Permission.SEE_QUEUE)
@require_safe
def live(request: StaffRequest) -> HttpResponse:
    """Answer an open page: the list as it is now, or that nothing changed (204).

    `seen` is what that page shows: its rows, and the numbers in its frame.
    """
    at = timezone.now()
    found = _read(request, at)
    frame = staff_shell(request.user, path=request.path, at=at)
    counts = f"{frame.unowned_urgent}.{len(frame.banners)}"
    if request.GET.get("seen") == f"{_mark(found, at)}.{counts}":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context = {
        "queue": found,
        "reads": _reads(request),
        "mark": _mark(found, at),
        "unowned_urgent": frame.unowned_urgent,
        "banners": frame.banners,
    }
    return page(request, "staff/_queue_fragment.html", context)


@staff_view(Permission.SEE_QUEUE)
@require_POST
def keys(request: StaffRequest) -> HttpResponse:
    """Turn single keys off or on in this browser; it says nothing of anybody."""
    response = redirect("clinicians:queue")
    if "off" in request.POST:
        response.set_cookie(
            KEYS_OFF,
            "1",
            max_age=YEAR,
            path="/staff/",
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(KEYS_OFF, path="/staff/")
    return response


def _reads(request: StaffRequest) -> bool:
    """Who runs the clinic sees that work waits, not what patients said."""
    return can(request.user, Permission.SEE_CASES)


def _read(request: StaffRequest, at: datetime) -> Queue:
    given = request.GET.dict()
    wanted = read_wanted(given, request.clinic, request.user, reads=_reads(request))
    place = given.get("after", "")
    return queue_page(request.clinic, request.user, wanted, place=place, at=at)


def _mark(found: Queue, at: datetime) -> str:
    return f"{found.facts}.{int(at.timestamp()) // WORDS_LAST_SECONDS}"
