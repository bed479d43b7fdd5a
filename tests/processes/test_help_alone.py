"""Help is there with nothing else running: no database, no Redis, no worker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.environment import SETTINGS
from tests.support.servers import free_port

TOP = Path(__file__).resolve().parents[2]
SECONDS = 60

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web process by itself: where its database and Redis should be is nobody."""
    port, nobody = free_port(), free_port()
    environment = {
        **SETTINGS,
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path_factory.mktemp("home")),
        "DATABASE_URL": f"postgres://nobody:x@127.0.0.1:{nobody}/none",
        "REDIS_URL": f"redis://127.0.0.1:{nobody}/0",
        "BASE_URL": f"http://localhost:{port}",
    }
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(port), "config.wsgi:application"),
        ],
        cwd=TOP,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    site = f"http://127.0.0.1:{port}"
    until = time.monotonic() + SECONDS
    while asked(site, "/livez")[0] != 200:
        assert server.poll() is None, "the web process ended"
        assert time.monotonic() < until, "the web process did not answer"
        time.sleep(0.2)
    yield site
    server.terminate()
    server.wait(SECONDS)


def asked(site: str, path: str, language: str = "en") -> tuple[int, str]:
    request = Request(f"{site}{path}", headers={"Accept-Language": language})  # noqa: S310
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
    except URLError:
        return 0, ""


def test_help_and_what_leads_to_it_are_served_with_nothing_else_running(alone: str):
    assert asked(alone, "/readyz")[0] == 503
    status, page = asked(alone, "/help/")
    assert status == 200
    for href in ("tel:911", "tel:988", "sms:988", "https://988lifeline.org"):
        assert f'href="{href}"' in page
    assert "What happens when you call a line" in page
    assert "Llamar al 988" in asked(alone, "/help/", "es")[1]
    for path, expected in (("/call/", 200), ("/read/mood/", 200), ("/nowhere/", 404)):
        status, page = asked(alone, path)
        assert (path, status) == (path, expected)
        assert 'href="/help/"' in page
