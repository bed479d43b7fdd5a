"""Where somebody is signed in: one line a session, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from clinicians.presenters.times import moment, since
from core.models import User

# What the session itself keeps; the middleware that ends it writes both.
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# The first that fits: Edge also says Chrome, and Chrome also says Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session that is open now."""

    id: int
    device: str
    address: str
    began: str
    used: str
    this_one: bool


def device(user_agent: str) -> str:
    """`Firefox on Windows`, or what little is known."""
    browser = next((n for sign, n in BROWSERS.items() if sign in user_agent), "")
    system = next((n for sign, n in SYSTEMS.items() if sign in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "An unknown browser"


def open_sessions(
    user: User, *, zone: ZoneInfo, at: datetime, current: str | None = None
) -> list[SessionLine]:
    """Those that would still be let in, the newest first; two queries."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user)}
    stored = Session.objects.filter(session_key__in=rows, expire_date__gt=at)
    told = {one.session_key: one.get_decoded() for one in stored}
    lines = [
        _line(rows[key], data, zone=zone, at=at, this_one=key == current)
        for key, data in told.items()
        if _is_open(data, user, at=at)
    ]
    return sorted(lines, key=lambda line: (not line.this_one, -line.id))


def _is_open(data: Mapping[str, Any], user: User, *, at: datetime) -> bool:
    now = at.timestamp()
    same = constant_time_compare(
        data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )
    return (
        same
        and data.get(SESSION_KEY) == str(user.pk)
        and now - data.get(SEEN_AT, now) <= settings.STAFF_IDLE_SECONDS
        and now - data.get(SIGNED_IN_AT, now) <= settings.STAFF_SESSION_SECONDS
    )


def _line(
    row: UserSession,
    data: Mapping[str, Any],
    *,
    zone: ZoneInfo,
    at: datetime,
    this_one: bool,
) -> SessionLine:
    seen = data.get(SEEN_AT)
    used = datetime.fromtimestamp(seen, UTC) if seen else row.created_at
    return SessionLine(
        id=row.pk,
        device=device(row.user_agent),
        address=row.ip,
        began=moment(row.created_at, zone),
        used="Now" if this_one else since(used, at),
        this_one=this_one,
    )
