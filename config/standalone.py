"""Throw-away settings for the commands that only calculate.

`score`, `language` and `replay --dry-run` read no clinic's data and keep nothing, so whoever has
a fresh clone can run them. A setting that is there is used as it is.
"""

import base64
import os
import secrets
from collections.abc import Sequence


def calculates_only(arguments: Sequence[str]) -> bool:
    """Return whether a command line of manage.py needs neither data nor secrets."""
    command = arguments[1] if len(arguments) > 1 else ""
    if command == "replay":
        return "--dry-run" in arguments
    return command in ("score", "language")


def lend_settings(arguments: Sequence[str]) -> None:
    """Fill in what is not set, with keys that nobody will ever see again."""
    if not calculates_only(arguments) or os.environ.get("DATABASE_URL"):
        return
    for name, value in {
        "BASE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": f"once:{_key()}",
        "INDEX_KEY": _key(),
        "DATABASE_URL": "sqlite:///:memory:",
        "EMAIL_URL": "console:",
        "DEFAULT_FROM_EMAIL": "nobody@localhost",
        "STATIC_MANIFEST": "false",
    }.items():
        os.environ.setdefault(name, value)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
