"""The scripted model keeps the contract that a real one is held to by make test-live."""

from collections.abc import Callable, Iterator

import pytest

from screening.language.client import ClientConfig
from tests.fakes import contract
from tests.fakes.contract import Place
from tests.fakes.model_server import ModelServer, fitting

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def place() -> Iterator[Place]:
    with ModelServer("good") as server:
        server.script(fitting)
        server.require_key("right")
        server.delay(0.05)  # no real one is quicker
        config = ClientConfig(base_url=server.url, key="right", model="fake-1")
        yield Place(config, end=server.end)


@pytest.mark.parametrize("check", contract.CHECKS, ids=lambda one: one.__name__)
def test_fake_keeps_the_contract(check: Callable[[Place], None], place: Place) -> None:
    check(place)


def test_fake_that_ends_is_gone(place: Place) -> None:
    contract.LAST(place)
