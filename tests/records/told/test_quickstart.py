"""The program of docs/subscriptions.md, run as it stands there against a live server."""

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.utils import timezone

from records import tasks
from records.models import Subscription
from screening.models import Administration
from tests.records.conftest import make_token
from tests.records.rows import make_administration, make_clinic
from tests.records.told.telling import PHQ9, SCOPES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "subscriptions.md"
SECONDS = 30


def program():
    (found,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    return found


def a_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def until(done):
    """A round of the sender, again and again, until it is."""
    ends = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < ends, "It did not come to that in time."
        tasks.tick()
        time.sleep(0.05)


def test_quick_start_is_told_of_a_result_and_reads_it(site):
    clinic, port = make_clinic(), a_port()
    known = {
        "BASE": f"{site}/fhir/R4",
        "TOKEN": vars(make_token(clinic, SCOPES))["secret"],
        "ENDPOINT": f"http://127.0.0.1:{port}/hook",
        "PORT": str(port),
    }
    ran = subprocess.Popen(
        [sys.executable, "-c", program()],
        env=known,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(Subscription.objects.filter(status="active").exists)
        made = make_administration(clinic, PHQ9)
        Administration.objects.filter(id=made.id).update(completed_at=timezone.now())
        until(lambda: ran.poll() is not None)
        out, errors = ran.communicate(timeout=SECONDS)
    finally:
        ran.kill()
        ran.wait()
    assert ran.returncode == 0, errors
    assert json.loads(out)["id"] == str(made.id)
