"""Reads typed settings from the environment and says plainly what is wrong."""

import base64
import binascii
import math
import os
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import ParseResult, parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

THIS_MACHINE = ("localhost", "127.0.0.1", "::1", "testserver")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_POSTGRES_OPTIONS: dict[str, Any] = {
    # A host that dies sends no goodbye: notice it, and free its row locks.
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "options": "-c idle_in_transaction_session_timeout=30000 -c lock_timeout=10000",
}
_SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    # Take the write lock at BEGIN: a read that turns into a write cannot deadlock.
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def text(name: str, default: str | None = None) -> str:
    """The setting, else the contents of the file named by NAME_FILE, else default."""
    if value := os.environ.get(name, ""):
        return value
    if path := os.environ.get(f"{name}_FILE", ""):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
            ) from error
    if default is None:
        raise ImproperlyConfigured(f"Set {name} (.env.example says what it is for).")
    return default


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, "true" if default else "false")
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"Set {name} to true or false, not {value!r}.")
    return value == "true"


def only_here(name: str, *, https: bool) -> bool:
    """What demonstrations and tests may turn on, and no installation for people."""
    value = boolean(name, default=False)
    if value and https:
        raise ImproperlyConfigured(
            f"Set {name}=false: it is for demonstrations and tests."
        )
    return value


def one_of(name: str, default: str, known: Sequence[str]) -> str:
    value = text(name, default)
    if value not in known:
        raise ImproperlyConfigured(f"Set {name} to one of: {', '.join(known)}.")
    return value


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"Set {name} to a whole number of {least} or more.")
    return int(value)


def seconds(name: str, default: float) -> float:
    problem = f"Set {name} to a number of seconds above zero."
    try:
        value = float(text(name, str(default)))
    except ValueError as error:
        raise ImproperlyConfigured(problem) from error
    if not math.isfinite(value) or value <= 0:
        raise ImproperlyConfigured(problem)
    return value


def amount(name: str) -> Decimal | None:
    """A sum of money of zero or more, or None if it is not set."""
    value = text(name, "")
    if not value:
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0 or found.adjusted() > 6:
        raise ImproperlyConfigured(f"Set {name} to an amount such as 0.60.")
    return found


def host(url: str) -> str:
    return urlparse(url).hostname or ""


def address(name: str, value: str) -> ParseResult:
    """The parts of an address; a port that is none is said here, not on first use."""
    try:
        url = urlparse(value)
        _ = url.port
    except ValueError as error:
        # Not the address itself: a password may stand in it.
        raise ImproperlyConfigured(
            f"Set {name} to a whole address; its host or port is none."
        ) from error
    return url


def private_address(name: str) -> str:
    """An address that nobody on the way can listen to; empty if not set."""
    value = text(name, "")
    url = address(name, value)
    if not value or (url.hostname and url.scheme == "https"):
        return value
    if url.scheme == "http" and url.hostname in THIS_MACHINE:
        return value
    raise ImproperlyConfigured(
        f"Set {name} to an https:// address; http:// only for this machine."
    )


def words(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def key(name: str, value: str) -> bytes:
    """A 32-byte key written in base64."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise ImproperlyConfigured(
            f"{name} needs keys of 32 bytes in base64; make one with: "
            "openssl rand -base64 32"
        )
    return raw


def key_ring(name: str) -> dict[str, bytes]:
    """Keys written "id:base64,id:base64"; the first one seals, all of them open."""
    ring: dict[str, bytes] = {}
    for part in words(name, text(name)):
        key_id, _, value = part.partition(":")
        if not key_id.isalnum() or key_id in ring:
            raise ImproperlyConfigured(
                f"{name} is written id:base64key, each id once, in letters and digits."
            )
        ring[key_id] = key(name, value)
    return ring


def database(name: str) -> dict[str, Any]:
    url = address(name, text(name))
    query = dict(parse_qsl(url.query))
    if url.scheme == "sqlite" and url.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            # sqlite:///relative.db, sqlite:////absolute.db
            "NAME": unquote(url.path[1:]),
            "OPTIONS": dict(_SQLITE_OPTIONS),
        }
    if url.scheme in ("postgresql", "postgres") and url.path.strip("/"):
        return _postgres(url, query)
    raise ImproperlyConfigured(
        f"Set {name} to sqlite:///file.db or "
        "postgresql://user:password@host:5432/database."
    )


def _postgres(url: ParseResult, query: dict[str, str]) -> dict[str, Any]:
    # A socket folder travels as ?host=/folder; what is left over goes to libpq.
    host = query.pop("host", "") or unquote(url.hostname or "")
    port = query.pop("port", "") or (str(url.port) if url.port else "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": query.pop("user", "") or unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_POSTGRES_OPTIONS, **query},
    }


def mail(name: str, *, leaves: bool) -> dict[str, Any]:
    """The EMAIL_* settings from one address: console:, file:///dir or smtp://…."""
    url = address(name, text(name))
    backends = "django.core.mail.backends"
    if leaves and url.scheme in ("console", "file"):
        raise ImproperlyConfigured(
            f"Set {name} to smtp://, smtp+tls:// or smtps://: with HTTPS=true an "
            "alarm that nobody is sent would be lost."
        )
    if url.scheme == "console":
        return {"EMAIL_BACKEND": f"{backends}.console.EmailBackend"}
    if url.scheme == "file" and url.path:
        return {
            "EMAIL_BACKEND": f"{backends}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(url.path),
        }
    if url.scheme in ("smtp", "smtps", "smtp+tls") and url.hostname:
        return {
            "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
            "EMAIL_HOST": url.hostname,
            "EMAIL_PORT": url.port
            or {"smtps": 465, "smtp+tls": 587}.get(url.scheme, 25),
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_SSL": url.scheme == "smtps",
            "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        }
    raise ImproperlyConfigured(
        f"Set {name} to console:, file:///folder, smtp://host:25, "
        "smtp+tls://user:password@host:587 or smtps://user:password@host:465."
    )
