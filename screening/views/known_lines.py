"""Where a clinic is, its phone and which crisis lines it verified, kept in the patient's
browser: "Get help now" shows them too, and has no database to ask."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from core.models import Clinic
from screening.views import session

KIND = "lines"
SALT = "screening.lines"
PHONE = "phone:"  # before a number, which is no key of a line
# They are public and may outlive an idle session, so that help does not shrink;
# what ends a session takes them back.
SECONDS = 24 * 60 * 60


class Known(NamedTuple):
    """Empty where this browser was told nothing."""

    country: str = ""
    keys: tuple[str, ...] = ()
    phone: str = ""


def remember(response: HttpResponse, clinic: Clinic) -> None:
    """Tell the browser, from the opening of a link on."""
    response.set_cookie(
        session.cookie_name(KIND),
        signing.dumps(_told(clinic), salt=SALT),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _told(clinic: Clinic) -> list[str]:
    phone = [PHONE + clinic.phone] if clinic.phone else []
    return [clinic.country, *clinic.lines_verified, *phone]


def known(request: HttpRequest) -> Known:
    """What this browser was told; nothing where the cookie is not ours."""
    raw = request.COOKIES.get(session.cookie_name(KIND), "")
    try:
        content = signing.loads(raw, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        return Known()
    if not isinstance(content, list) or not content:
        return Known()
    country, *keys = [part for part in content if isinstance(part, str)] or [""]
    if ":" in country:  # from before the country was kept
        return Known("", (country, *keys))
    phones = [key.removeprefix(PHONE) for key in keys if key.startswith(PHONE)]
    lines = tuple(key for key in keys if not key.startswith(PHONE))
    return Known(country, lines, "".join(phones[:1]))
