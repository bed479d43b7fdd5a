"""What a person sees when a page cannot be shown; needs neither database nor session."""

from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string

from config.middleware import STAFF_PATHS
from core.permissions import PermissionRefused
from screening.views import session

# Name of the page: heading, and what staff are told; patients have pages of their own.
STAFF = {
    "400": (
        "We could not read that",
        [
            "Something in what was sent did not arrive whole. Nothing was changed.",
            "Go back in your browser: what you typed may still be there.",
        ],
    ),
    "403": ("This page is not open to you", []),
    "403_csrf": (
        "This page has been open too long",
        [
            "What you sent was not saved: its page no longer belongs to your session.",
            "Go back in your browser: what you typed may still be there. Copy it.",
            "Then load that page again.",
        ],
    ),
    "404": (
        "There is no such page here",
        ["The address may be wrong, or what it leads to is not in your clinic."],
    ),
    "500": (
        "Something went wrong on our side",
        [
            "What was saved before is still saved. Your last step may not be.",
            "Go back in your browser: what you typed may still be there. Copy it.",
            "Then load the page again, and look whether your step was taken.",
        ],
    ),
    "503": (
        "We need a short break",
        [
            "Check-in is being worked on. What was saved before is still saved.",
            "What you just sent was not taken.",
            "Go back in your browser: it may still be there. Then try again later.",
        ],
    ),
}
RETRY_SECONDS = 300
NOT_OPEN = "You may have been signed out, or this page is for another role."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "400", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    # Only our own sentences are meant to be read; others may tell of the inside.
    ours = isinstance(exception, PermissionRefused)
    why = str(exception) if ours else NOT_OPEN
    return _page(request, "403", HTTPStatus.FORBIDDEN, why=why)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, "403_csrf", HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "404", HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    unsent = _unsent(request)
    return _page(request, "500", HTTPStatus.INTERNAL_SERVER_ERROR, unsent=unsent)


def short_break(request: HttpRequest) -> HttpResponse:
    """While the product is being worked on; what a patient sent is not lost."""
    unsent = _unsent(request)
    page = _page(request, "503", HTTPStatus.SERVICE_UNAVAILABLE, unsent=unsent)
    page["Retry-After"] = str(RETRY_SECONDS)
    return page


def _unsent(request: HttpRequest) -> list[tuple[str, str]]:
    """What a patient sent, to be sent again as it was: nobody types it twice.

    Its turn key tells a second copy from a second answer. What staff send is not
    repeated: a password may be in it.
    """
    if request.method != "POST" or request.path_info.startswith(STAFF_PATHS):
        return []
    try:
        posted = request.POST
    except UnreadablePostError:
        return []
    return [(name, value) for name, values in posted.lists() for value in values]


def _page(
    request: HttpRequest,
    name: str,
    status: HTTPStatus,
    *,
    why: str = "",
    unsent: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    # Without the request no context processor runs, so nothing asks the database.
    if not request.path_info.startswith(STAFF_PATHS):
        again = {
            "unsent": unsent,
            "address": request.get_full_path(),
            # On a device of the clinic, what was sent may not lie there for long.
            "rest": session.payload(request).get(session.DEVICE, "").partition(":")[0],
        }
        page = render_to_string(f"errors/{name}.html", again)
        return HttpResponse(page, status=status)
    title, lines = STAFF[name]
    content = {"title": title, "lines": [why, *lines] if why else lines}
    return HttpResponse(render_to_string("errors/staff.html", content), status=status)
