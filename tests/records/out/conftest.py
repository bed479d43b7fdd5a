"""Receivers are on this machine, files in a folder of the test's own."""

import dataclasses

import pytest

from records import definitions
from tests.records.out.exporting import PHQ9
from tests.records.out.leaving import make_leaving
from tests.records.out.target import fhir_target
from tests.records.rows import make_administration, make_patient


@pytest.fixture(autouse=True)
def _here(settings, tmp_path):
    settings.WEBHOOK_LOOPBACK = True
    settings.RECORDS_FOLDER = str(tmp_path / "records")


@pytest.fixture
def leaving(db):
    return make_leaving()


@pytest.fixture
def target():
    with fhir_target() as target:
        yield target


@pytest.fixture
def small_pages(monkeypatch):
    """Two rows a page, each stored: five results are three pages."""
    monkeypatch.setattr("records.client.store.PIECE", 1)
    small = dataclasses.replace(definitions.delivery_policy(), export_page=2)
    for module in ("records.tasks.exporting", "records.outbox.exports"):
        monkeypatch.setattr(f"{module}.delivery_policy", lambda: small)


@pytest.fixture
def results(clinic):
    return [
        make_administration(clinic, PHQ9, patient=make_patient(clinic, number=str(n)))
        for n in range(5)
    ]
