"""Workers that make an export are killed; what the last one ends is whole, and once."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from records.models import Export
from tests.records.conftest import make_token, showing
from tests.records.out.exporting import PHQ9, fetched, kick_off
from tests.records.rows import make_administration, make_clinic, make_patient

TOP = Path(__file__).resolve().parents[2]
RESULTS, PATIENCE = 40, 60.0

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def environment(settings, tmp_path):
    """The tests' own database and folder, for other processes."""
    settings.RECORDS_FOLDER = str(tmp_path)
    url = os.environ["DATABASE_URL"]
    own = url.replace("/suite?", f"/{connection.settings_dict['NAME']}?")
    return {**os.environ, "DATABASE_URL": own, "RECORDS_FOLDER": str(tmp_path)}


def worker(environment, how=""):
    command = [sys.executable, "-m", "tests.processes.exporter", how]
    return subprocess.Popen(command, cwd=TOP, env=environment)


def lease_runs_out():
    Export.objects.update(next_at=timezone.now())


def killed_while_it_works(process):
    before, until = Export.objects.get().done, time.monotonic() + PATIENCE
    while Export.objects.get().done == before:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until, "it does not begin"
        time.sleep(0.02)
    process.kill()
    return process.wait()


def test_killed_workers_leave_every_row_once_and_no_half_line(environment):
    clinic = make_clinic()
    fhir = showing(make_token(clinic).secret)
    patient = make_patient(clinic, number="1")
    made = [make_administration(clinic, PHQ9, patient=patient) for _ in range(RESULTS)]
    status = kick_off(fhir, query="?_type=QuestionnaireResponse,Observation")

    torn = worker(environment, "torn")
    assert torn.wait(PATIENCE) == -signal.SIGKILL
    assert 0 < Export.objects.get().done < RESULTS
    lease_runs_out()
    assert killed_while_it_works(worker(environment, "slow")) == -signal.SIGKILL
    assert fhir.get(status).status_code == 202
    lease_runs_out()
    assert worker(environment).wait(PATIENCE) == 0

    # Line by line as many as it says, each of them JSON: fetched() sees to both.
    manifest, found = fetched(fhir, status)
    responses = [one["id"] for one in found["QuestionnaireResponse"]]
    assert sorted(responses) == sorted(str(one.id) for one in made)
    observations = [one["id"] for one in found["Observation"]]
    assert len(observations) == len(set(observations)) == 12 * RESULTS
    assert (manifest["error"], Export.objects.get().claims) == ([], 3)
    assert {one["type"] for one in manifest["output"]} == set(found)
    # The half piece is still there, and no file counts it.
    pieces = Path(storages["exports"].path(str(Export.objects.get().id)))
    assert any(_is_torn(one) for one in pieces.iterdir())


def _is_torn(piece):
    try:
        [json.loads(line) for line in piece.read_bytes().splitlines()]
    except ValueError:
        return True
    return False
