"""Where a staff session is read, and how long it lasts, at rest and in all."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# A write for every request would cost more than a minute of precision is worth.
SEEN_EVERY_SECONDS = 60
# A page that asks for itself is nobody at the desk.
UNATTENDED_PATHS = ("/staff/live/",)


# Only these addresses know staff.
STAFF_PATHS = ("/staff/", "/account/", "/components/")


def is_for_staff(request: HttpRequest) -> bool:
    return request.path_info.startswith(STAFF_PATHS)


class StaffPathsSession(SessionMiddleware):
    """Reads and writes a session for staff only.

    Everywhere else the cookie is as if it had not come: a page for patients, above
    all the one with help, has to be served while the database is down, even to a
    browser in which a clinician once signed in.
    """

    def process_request(self, request: HttpRequest) -> None:
        if is_for_staff(request):
            super().process_request(request)
        else:
            request.session = self.SessionStore(None)

    def process_response(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        # Elsewhere there is nothing to save, and the cookie is not ours to take.
        if is_for_staff(request):
            return super().process_response(request, response)
        return response


class StaffSession:
    """Ends a staff session after half an hour of rest, or twelve hours in all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_for_staff(request) and settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._limit(request, now=int(timezone.now().timestamp()))
        return self.get_response(request)

    def _limit(self, request: HttpRequest, *, now: int) -> None:
        if not request.user.is_authenticated:
            return
        session = request.session
        began = session.setdefault(SIGNED_IN_AT, now)
        seen = session.get(SEEN_AT, now)
        rested, lasted = now - seen, now - began
        if (
            rested > settings.STAFF_IDLE_SECONDS
            or lasted > settings.STAFF_SESSION_SECONDS
        ):
            logout(request)
        elif request.path_info in UNATTENDED_PATHS:
            return
        elif SEEN_AT not in session or rested >= SEEN_EVERY_SECONDS:
            session[SEEN_AT] = now
