"""Closes the product for a while, for work on it; help stays open."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.errors import short_break

# What is static and asks nothing of the database, and what machines ask.
STAYS_OPEN = ("/help/", "/read/", "/exit/", "/livez", "/readyz")


class ShortBreak:
    """Answers 503 to everything else while MAINTENANCE is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MAINTENANCE and not request.path_info.startswith(STAYS_OPEN):
            return short_break(request)
        return self.get_response(request)
