"""What a person sees when a page cannot be shown; needs neither database nor session."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string

from config.middleware import STAFF_PATHS


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("400", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("403", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page("403_csrf", HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("404", HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    unsent = _unsent(request)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _page("500", status, unsent=unsent, address=request.get_full_path())


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


def _page(name: str, status: HTTPStatus, **context: object) -> HttpResponse:
    # Without the request no context processor runs, so nothing asks the database.
    page = render_to_string(f"errors/{name}.html", context)
    return HttpResponse(page, status=status)
