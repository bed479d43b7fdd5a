"""How long a staff session lasts, at rest and in all."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# A write for every request would cost more than a minute of precision is worth.
SEEN_EVERY_SECONDS = 60


class StaffSession:
    """Ends a staff session after half an hour of rest, or twelve hours in all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Patients have no such cookie, and their pages ask for no session row.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
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
        elif SEEN_AT not in session or rested >= SEEN_EVERY_SECONDS:
            session[SEEN_AT] = now
