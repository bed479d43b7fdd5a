"""The queue in a real browser: narrow and wide, with and without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.domain.rules import Tier
from tests.cast import Cast
from tests.journeys.steps import Staff, give_second_factor
from tests.support.browser import PHONE, at_sizes

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"
WIDE = {"width": 1440, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_queue_is_filtered_without_scrolling_sideways(
    open_page: Callable[..., Page], cast: Cast, javascript
) -> None:
    now = timezone.now()
    cast.flagged(due_at=now - timedelta(hours=2))
    cast.flagged(Tier.ROUTINE, due_at=now + timedelta(hours=2))
    give_second_factor(cast.alice)
    page = open_page(javascript=javascript)
    alice = Staff(page, "queue")
    if javascript:
        alice.sign_in(cast.alice, PASSWORD)
        is_whole(alice, "queue")
    else:
        sign_in_unchecked(alice, cast)
    page.get_by_text("Filter", exact=True).first.click()
    page.get_by_label("Tier").select_option("ROUTINE")
    alice.press("Filter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("Filters that hold")).to_contain_text("Tier: Routine")
    if javascript:
        is_whole(alice, "queue-filtered")
    alice.press("Show everything that waits")
    expect(page.locator("tbody tr")).to_have_count(2)


def is_whole(alice: Staff, what: str) -> None:
    for size in at_sizes(alice.page, PHONE, WIDE):
        alice.check(f"{what}-{size['width']}")
        assert not alice.page.evaluate(SIDEWAYS)


def sign_in_unchecked(alice: Staff, cast: Cast) -> None:
    """Axe cannot run in a page without scripts."""
    alice.check = lambda what: None  # type: ignore[method-assign]
    alice.sign_in(cast.alice, PASSWORD)
