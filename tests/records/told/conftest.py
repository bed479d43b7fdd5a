"""Receivers are on this machine; everywhere else they have to be public and sealed."""

import pytest

from tests.records.told.telling import telling as made


@pytest.fixture(autouse=True)
def _here(settings):
    settings.WEBHOOK_LOOPBACK = True


@pytest.fixture
def telling(clinic):
    with made(clinic) as telling:
        yield telling
