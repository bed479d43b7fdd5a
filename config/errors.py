"""What a person sees when a page cannot be shown; needs neither database nor session."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("400", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("403", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page("403_csrf", HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("404", HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page("500", HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(name: str, status: HTTPStatus) -> HttpResponse:
    # Without the request no context processor runs, so nothing asks the database.
    return HttpResponse(render_to_string(f"errors/{name}.html"), status=status)
