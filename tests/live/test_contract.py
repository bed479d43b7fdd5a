"""A real server keeps the contract that the scripted one is written to."""

from collections.abc import Callable

import pytest

from tests.fakes import contract
from tests.fakes.contract import Place
from tests.live.conftest import Serve

pytestmark = [pytest.mark.live, pytest.mark.enable_socket]


@pytest.mark.parametrize("check", contract.CHECKS, ids=lambda one: one.__name__)
def test_real_model_keeps_the_contract(
    check: Callable[[Place], None], place: Place
) -> None:
    check(place)


def test_real_model_that_is_killed_is_gone(small: Serve) -> None:
    with small() as place:
        contract.LAST(place)
