"""The clinic and the reading client of the tests of the records."""

from tests.records.conftest import clinic, fhir, token

__all__ = ["clinic", "fhir", "token"]
