"""How much a patient's browser has to fetch, measured in one."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.steps import Patient

pytestmark = pytest.mark.browser

FIRST_PAGE, LATER_PAGE = 100_000, 15_000  # bytes, with everything that belongs to it
QUESTIONS = 3
# A slow line: 50,000 bytes in a second, and 0.4 s before the first of them. The page,
# then what it names, each after a connection of its own.
SECONDS, BYTES_A_SECOND, WAIT, WAITS = 3.0, 50_000, 0.4, 3


def weigh(page: Page) -> list[int]:
    """A list that grows by the bytes of each request, as they came over the wire."""
    came: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def redirected(event: dict[str, Any]) -> None:
        if before := event.get("redirectResponse"):
            came.append(int(before["encodedDataLength"]))

    wire.on("Network.requestWillBeSent", redirected)
    wire.on("Network.loadingFinished", lambda e: came.append(int(e["encodedDataLength"])))  # fmt: skip
    return came


def test_pages_are_light_enough_for_a_slow_line(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    """Requests to anybody else fail the test too: whatever opens a page watches it."""
    robin = Patient(open_page(), "weight")
    robin.check = lambda what: None  # type: ignore[method-assign]
    page, came = robin.page, weigh(robin.page)
    token = invited()
    page.goto(f"/i/{token}/", wait_until="networkidle")
    first = sum(came)
    robin.open(token, month="1", day="15", year="1990")
    robin.begin()
    page.wait_for_load_state("networkidle")
    came.clear()
    for _ in range(QUESTIONS):
        robin.choose(1)
    page.wait_for_load_state("networkidle")
    # On a server that compresses it is a third of this.
    assert 10_000 < first <= FIRST_PAGE
    assert first / BYTES_A_SECOND + WAIT * WAITS <= SECONDS
    assert 1_000 < sum(came) / QUESTIONS <= LATER_PAGE, came
