"""Which crisis lines a clinic verified, kept in the patient's browser: "Get help now"
shows them too, and has no database to ask."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from core.models import Clinic
from screening.views import session

KIND = "lines"
SALT = "screening.lines"
# The keys are public and may outlive an idle session, so that help does not shrink;
# what ends a session takes them back.
SECONDS = 24 * 60 * 60


def remember(response: HttpResponse, clinic: Clinic) -> None:
    """Give the browser the keys; a clinic that verified none leaves no cookie."""
    if not clinic.lines_verified:
        return
    response.set_cookie(
        session.cookie_name(KIND),
        signing.dumps(list(clinic.lines_verified), salt=SALT),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def known(request: HttpRequest) -> tuple[str, ...]:
    """The keys that this browser was given; none where the cookie is not ours."""
    raw = request.COOKIES.get(session.cookie_name(KIND), "")
    try:
        content = signing.loads(raw, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        return ()
    keys = content if isinstance(content, list) else []
    return tuple(key for key in keys if isinstance(key, str))
