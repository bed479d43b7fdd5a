"""A patient's session: one signed cookie, checked against the screening's own row.

No session store: the turn reads the screening anyway, and there stands which
session is the newest. A new opening of the link ends the older one.
"""

import functools
import uuid
from collections.abc import Callable
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

from screening import definitions
from screening.engine import Claim, claimed
from screening.models.sitting import NoSuchSitting, Sitting, load
from screening.views import resting

View: TypeAlias = Callable[..., HttpResponse]
SALT = "screening.session"
OPENING_SALT = "screening.opening"
OPENING_SECONDS = 30 * 60
PARTS = {"s", "n", "c", "l"}  # screening, nonce, country, language
DEVICE = "d"  # only on a device of the clinic: "300:60", seconds at rest and of warning


def cookie_name(kind: str) -> str:
    """Return the cookie's name, host-bound where the site is served by HTTPS."""
    return f"__Host-{kind}" if settings.SESSION_COOKIE_SECURE else kind


def _set(response: HttpResponse, kind: str, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(kind),
        value,
        max_age=seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def begin(
    response: HttpResponse,
    claim: Claim,
    *,
    country: str,
    language: str,
    device: str = "",
) -> None:
    """Give the patient's browser its session."""
    payload = {
        "s": str(claim.screening_id),
        "n": claim.nonce,
        "c": country,
        "l": language,
    }
    if device:
        payload[DEVICE] = device
    _keep(response, payload)


def _keep(response: HttpResponse, payload: dict[str, str]) -> None:
    value = signing.dumps(payload, salt=SALT, compress=False)
    _set(response, "checkin", value, _rest(payload) or definitions.rest().session)


def _rest(payload: dict[str, str]) -> int:
    """How long a device of the clinic may rest; 0 for anybody's own browser."""
    seconds = payload.get(DEVICE, "").partition(":")[0]
    return int(seconds) if seconds.isdecimal() else 0


def on_device(request: HttpRequest) -> bool:
    """Whether this is a device of the clinic."""
    return DEVICE in payload(request)


def remember_opening(response: HttpResponse, invitation_id: uuid.UUID) -> None:
    """Remember which invitation is being opened, until the second check."""
    value = signing.dumps(str(invitation_id), salt=OPENING_SALT)
    _set(response, "opening", value, OPENING_SECONDS)


def end(response: HttpResponse, *, lines: bool = True) -> None:
    """Take every cookie back; without `lines`, those that let help know the country
    stay, which say nothing of anybody."""
    for kind in ("checkin", "opening", *(("lines",) if lines else ())):
        response.delete_cookie(cookie_name(kind), path="/", samesite="Lax")


def opening(request: HttpRequest) -> uuid.UUID | None:
    """Return the invitation that this browser is opening, if any."""
    raw = request.COOKIES.get(cookie_name("opening"), "")
    try:
        content = signing.loads(raw, salt=OPENING_SALT, max_age=OPENING_SECONDS)
        return uuid.UUID(content)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def payload(request: HttpRequest) -> dict[str, str]:
    """Return the session cookie's content, or an empty dict. Needs no database.

    A cookie that an older or newer version signed may have another shape: it is
    no session, and never an error.
    """
    raw = request.COOKIES.get(cookie_name("checkin"), "")
    content = _signed(raw, definitions.rest().session)
    if seconds := _rest(content):
        content = _signed(raw, seconds)
    return content


def _signed(raw: str, seconds: int) -> dict[str, str]:
    try:
        content = signing.loads(raw, salt=SALT, max_age=seconds)
    except (signing.BadSignature, ValueError):
        return {}
    whole = isinstance(content, dict) and set(content) - {DEVICE} == PARTS
    if not whole or not all(isinstance(part, str) for part in content.values()):
        return {}
    return dict(content)


def known_language(wanted: str | None) -> str:
    """Return the language of our texts that fits best: "es-mx" is served "es-US"."""
    return definitions.best(wanted)


def asked_language(request: HttpRequest) -> str:
    """Return the language that the address asks for: "?l=es-US". It changes nothing."""
    wanted = request.GET.get("l", "")
    return wanted if wanted in definitions.codes() else ""


def speak(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Go on in another language, in the session that there is."""
    _keep(response, payload(request) | {"l": language})


def claim_of(request: HttpRequest) -> Claim | None:
    """Return the session that this browser claims, if its cookie is genuine."""
    content = payload(request)
    try:
        return Claim(screening_id=uuid.UUID(content["s"]), nonce=content["n"])
    except (KeyError, ValueError):
        return None


def gone(request: HttpRequest) -> HttpResponse:
    """Return the one page for a link or session that leads nowhere (any more).

    A part of a page would be put into one that can no longer be gone on with: a
    script's request is sent on to a whole page.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("start")})
    return render(request, "patient/gone.html", status=404)


def _over(request: HttpRequest) -> HttpResponse:
    """Return the page for a browser whose session is over: it rested for too long if
    it still knows that there was one."""
    rested = bool(request.COOKIES.get(cookie_name("lines")))
    if not rested or request.headers.get("HX-Request"):
        return gone(request)
    return render(request, "patient/rested.html", status=404)


def _refresh(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the session idle out from the last page, not from the first."""
    content = payload(request)
    name = cookie_name("checkin")
    if content and name not in response.cookies:
        _keep(response, content)
    return response


def patient_turn(view: View) -> View:
    """Pass a view the session that the browser claims; the engine checks it."""

    @login_not_required
    @never_cache
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        claim = claim_of(request)
        if claim is None:
            return _over(request)
        content = payload(request)
        resting.watch(request, content.get(DEVICE, ""), content.get("l"))
        request.in_session = True  # type: ignore[attr-defined]
        with translation.override(known_language(content.get("l")).lower()):
            try:
                response = view(request, claim, *args, **kwargs)
            except NoSuchSitting:
                return gone(request)
        return _refresh(request, response)

    return wrapped


def patient_call(view: View) -> View:
    """Pass a view the screening of the session, read whole in two queries; for a page
    that shows no answer, since the screening may be entered in error."""

    @patient_turn
    @functools.wraps(view)
    def wrapped(
        request: HttpRequest, claim: Claim, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        sitting = load(claim.screening_id)
        if not claimed(claim, sitting):
            raise NoSuchSitting(claim.screening_id)
        return view(request, sitting, *args, **kwargs)

    return wrapped


def patient_page(view: View) -> View:
    """Like `patient_call`, and nothing is read of what was entered in error."""

    @patient_call
    @functools.wraps(view)
    def wrapped(
        request: HttpRequest, sitting: Sitting, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if sitting.screening.retracted_at is not None:
            raise NoSuchSitting(sitting.screening.id)
        return view(request, sitting, *args, **kwargs)

    return wrapped


def asking(view: View) -> View:
    """Like `patient_page`, for pages that only make sense while items are open."""

    @patient_page
    @functools.wraps(view)
    def wrapped(
        request: HttpRequest, sitting: Sitting, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        there = elsewhere(sitting)
        return there or view(request, sitting, *args, **kwargs)

    return wrapped


def elsewhere(sitting: Sitting) -> HttpResponse | None:
    """Lead to where a check-in stands in which no item is open; None where one is."""
    if sitting.screening.completed_at:
        return redirect("done")
    if sitting.screening.adult_confirmed_at is None:
        return redirect("age")
    if sitting.screening.consented_at is None:
        return redirect("start")
    if not sitting.screening.is_open:
        return redirect("ended")
    return None
