"""The settings and servers that the tests run on, set before Django reads them.

Loaded by pytest's -p, since pytest-django reads the settings before any conftest.py.
The servers start when the first test asks for a database or a Redis.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support.servers import Postgres, Redis

# Short, since the path of a socket may have about a hundred characters.
FOLDER = Path(tempfile.mkdtemp(prefix="suite-"))
ON_SQLITE = os.environ.get("TEST_DATABASE", "postgresql") == "sqlite"
POSTGRES = Postgres(FOLDER)
REDIS = Redis(FOLDER)

SETTINGS = {
    "DEBUG": "false",
    "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-!",
    "FIELD_KEYS": "t1:" + "dGVzdC1rZXktZm9yLWZpZWxkcy0zMi1ieXRlcy1sbmc=",
    "INDEX_KEY": "dGVzdC1rZXktZm9yLWluZGV4LTMyLWJ5dGVzLWxvbmc=",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "BASE_URL": "http://localhost",
    "HTTPS": "false",
    "DATABASE_URL": f"sqlite:///{FOLDER}/suite.sqlite3" if ON_SQLITE else POSTGRES.url,
    "REDIS_URL": REDIS.url,
    "EMAIL_URL": "console:",
    "DEFAULT_FROM_EMAIL": "clinic@example.org",
    "COMPONENTS_PAGE": "true",
    "STATIC_MANIFEST": "false",
    "TEMPLATE_STRICT": "true",
    "LANGUAGE_ENABLED": "false",
}
# What a developer's shell may hold must not reach a test; only tests/live looks here.
BUCKET = tuple(
    f"RECORDS_STORAGE{part}" for part in ("", "_ENDPOINT", "_KEY", "_SECRET")
)
FORGOTTEN = ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL", *BUCKET)
NAMED_OUTSIDE: dict[str, str] = {}


def prepare() -> None:
    os.environ.update(SETTINGS)
    for name in FORGOTTEN:
        NAMED_OUTSIDE[name] = os.environ.pop(name, "")
    atexit.register(_tidy, os.getpid())


def start_database() -> None:
    if not ON_SQLITE and POSTGRES.process is None:
        POSTGRES.start()


def start_redis() -> str:
    if REDIS.process is None:
        REDIS.start()
    return REDIS.url


def _tidy(owner: int) -> None:
    if os.getpid() != owner:  # a forked child shares these servers; it owns none
        return
    POSTGRES.stop()
    REDIS.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)


prepare()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="run only tests that use the database, without those in a browser",
    )


def pytest_report_header() -> str:
    return f"database: {'SQLite' if ON_SQLITE else 'PostgreSQL'}"
