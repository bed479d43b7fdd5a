"""A supervisor reads the team's figures, on a phone and on a wide screen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.domain.rules import Tier
from tests.cast import Cast
from tests.clinicians.figured import alert
from tests.journeys.test_review import WIDE, colleague, no_wider_than_the_page
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser


def a_month(cast: Cast) -> None:
    """Enough for most numbers to be shown, and some that are too small."""
    now = timezone.now()
    for number in range(48):
        tier = Tier.ROUTINE if number % 3 else Tier.URGENT
        alert(
            cast,
            tier=tier,
            at=now - timedelta(days=number % 25 + 1, minutes=number * 7),
            seen=number * 11 + 3,
            shut=number * 60 + 90 if number % 4 else None,
            end="explained" if number % 5 == 0 else "follow-up",
            language="es-US" if number % 4 == 0 else "en",
            rule="phq-9-cut" if number % 3 else "item-9",
            seconds=number * 40 + 20,
        )
    alert(cast, tier=Tier.URGENT, at=now - timedelta(hours=5))


def test_figures_are_read_and_taken_along(
    open_page: Callable[..., Page], site: str, cast: Cast
) -> None:
    a_month(cast)
    sue = colleague(open_page(size=WIDE), "sue", cast)
    for size, dark in ((WIDE, False), (PHONE, True)):
        sue.page.set_viewport_size(size)
        sue.page.emulate_media(color_scheme="dark" if dark else "light")
        sue.page.goto("/staff/")
        sue.page.get_by_role("link", name="Figures", exact=True).click()
        expect(sue.page.locator("h1")).to_have_text("Figures")
        sue.check(f"figures-{size['width']}")
        no_wider_than_the_page(sue.page)
        sue.press("Show small numbers")
        expect(sue.page.get_by_text("Do not pass this page on.")).to_be_visible()
        sue.press("7 days")
        expect(sue.page.get_by_text("Do not pass this page on.")).to_be_visible()
        sue.press("Flag quality: what each rule led to")
        expect(sue.page.locator("h1")).to_have_text("Flag quality")
        sue.check(f"rules-{size['width']}")
        no_wider_than_the_page(sue.page)
    with sue.page.expect_download() as taken:
        sue.press("What each rule’s flags led to (CSV)")
    assert taken.value.suggested_filename.startswith("riverside-rules-")
