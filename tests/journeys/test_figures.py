"""A supervisor reads the team's figures, on a phone and on a wide screen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.domain.rules import Tier
from tests.cast import Cast
from tests.clinicians.figured import alert
from tests.journeys.test_review import colleague

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
    sue = colleague(open_page(), "sue", cast)
    sue.page.goto("/staff/")
    sue.page.get_by_role("link", name="Figures", exact=True).click()
    expect(sue.page.locator("h1")).to_have_text("Figures")
    sue.check_whole("figures")
    sue.press("Show small numbers")
    expect(sue.page.get_by_text("Do not pass this page on.")).to_be_visible()
    sue.press("7 days")
    expect(sue.page.get_by_text("Do not pass this page on.")).to_be_visible()
    sue.page.emulate_media(color_scheme="dark")
    sue.check("figures-dark")
    sue.press("Flag quality: what each rule led to")
    expect(sue.page.locator("h1")).to_have_text("Flag quality")
    sue.check_whole("rules")
    with sue.page.expect_download() as taken:
        sue.press("What each rule’s flags led to (CSV)")
    assert taken.value.suggested_filename.startswith("riverside-rules-")
