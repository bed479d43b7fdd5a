"""Two worlds for all tests of a module: each of them undoes what it did to them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.access.world import World, two_clinics


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[World, World]]:
    """Made once: it takes longer than most of what is asked of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield two_clinics()
        transaction.set_rollback(True)


@pytest.fixture
def worlds(made: tuple[World, World], db: None) -> tuple[World, World]:
    return made


@pytest.fixture
def own(worlds: tuple[World, World]) -> World:
    return worlds[0]
