"""The clinic and the reading client of the tests of the records, and what is told."""

import json
import os
from pathlib import Path

import pytest

from tests.conformance.serving import five_results
from tests.records.conftest import clinic, fhir, token

__all__ = ["clinic", "fhir", "token"]


@pytest.fixture
def base(site, clinic, settings, tmp_path):
    """A live server whose clinic has five results."""
    settings.RECORDS_FOLDER = str(tmp_path / "records")
    five_results(clinic)
    return f"{site}/fhir/R4"


@pytest.fixture
def tell():
    """Keep what a client did, for the table."""
    path = Path(os.environ["TELL_TO"])

    def told(judge: str, what: str, count: int) -> None:
        with path.open("a") as file:
            file.write(json.dumps([what, judge, count]) + "\n")

    return told
